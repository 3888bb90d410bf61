import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Pool } from "pg";
import { startDatabase } from "@/lib/server/database";
import { schemaEngine } from "@/lib/server/schema-engine";
import { CannotStart, printFailure } from "@/lib/server/steps";

// `npm run migration -- <name>`: writes the SQL that leads from the schema of the last commit to the present schema.

const schemaFile = "prisma/schema.prisma";

try {
  console.log(`  ✓ ${await writeMigration(process.argv[2] ?? "")}`);
  console.log("  Next: read it, add what the Prisma schema cannot express, and start the server to apply it.");
  process.exit(0);
} catch (error) {
  printFailure(error);
  process.exit(1);
}

async function writeMigration(name: string): Promise<string> {
  if (!/^[a-z0-9_]+$/.test(name))
    throw new CannotStart("Give the migration a name in lower case: npm run migration -- add_apps");
  const { stdout: before } = await promisify(execFile)("git", ["show", `HEAD:${schemaFile}`]);
  const sql = await diffSchemas(before, await readFile(schemaFile, "utf8"));
  if (!sql)
    throw new CannotStart(`${schemaFile} has not changed since the last commit. Change it first, then run this again.`);

  const timestamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const folder = join("prisma/migrations", `${timestamp}_${name}`);
  await mkdir(folder);
  await writeFile(join(folder, "migration.sql"), sql);
  return join(folder, "migration.sql");
}

/** Returns the SQL from one schema text to another, or "". The engine needs a connection, so it gets an empty database. */
async function diffSchemas(before: string, after: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tessera-migration-"));
  const database = await startDatabase(folder, { throwaway: true });
  const pool = new Pool({ connectionString: database.url });
  try {
    const engine = await schemaEngine(pool, () => undefined);
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
