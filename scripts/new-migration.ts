import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Pool } from "pg";
import { startDatabase } from "@/lib/server/database";
import { schemaEngine } from "@/lib/server/schema-engine";
import { CannotStart, printFailure } from "@/lib/server/steps";

// `npm run migration -- <name>`: writes the SQL between the schema of the last commit and the schema as it is now.

const schemaFile = "prisma/schema.prisma";

try {
  console.log(`  ✓ ${await writeMigration(process.argv[2] ?? "")}`);
  console.log("  Next: read it, add what Prisma's language cannot say, and start the server to apply it.");
  process.exit(0);
} catch (error) {
  printFailure(error);
  process.exit(1);
}

async function writeMigration(name: string): Promise<string> {
  if (!/^[a-z0-9_]+$/.test(name)) throw new CannotStart("Name the change in lower case: npm run migration -- add_apps");
  const { stdout: before } = await promisify(execFile)("git", ["show", `HEAD:${schemaFile}`]);
  const sql = await difference(before, await readFile(schemaFile, "utf8"));
  if (!sql)
    throw new CannotStart(`${schemaFile} is as it was at the last commit; change it first, then name the change.`);

  const moment = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const folder = join("prisma/migrations", `${moment}_${name}`);
  await mkdir(folder);
  await writeFile(join(folder, "migration.sql"), sql);
  return join(folder, "migration.sql");
}

/** Compares two schema texts. The engine wants to be connected while it does, so it gets an empty database for the time. */
async function difference(before: string, after: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tessera-migration-"));
  const database = await startDatabase(folder, { throwaway: true });
  const pool = new Pool({ connectionString: database.url });
  try {
    const engine = await schemaEngine(pool);
    const { stdout } = await engine.diff({
      from: datamodel(before),
      to: datamodel(after),
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    return stdout && !stdout.includes("This is an empty migration") ? stdout : "";
  } finally {
    await pool.end();
    await database.stop();
    await rm(folder, { recursive: true });
  }
}

function datamodel(content: string) {
  return { tag: "schemaDatamodel" as const, files: [{ path: schemaFile, content }] };
}
