import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const stamp = "lib/generated/prisma/.generated-from";

/** Whether the database client in `lib/generated` was generated from the present schema by the present Prisma. */
export function isClientGenerated() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint();
}

/**
 * Generates the database client.
 *
 * @throws {Error} with what `prisma generate` printed when it fails.
 */
export function generateClient() {
  // Prisma asks for an engine binary that it never runs, and would download one; any executable satisfies it.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
  const args = ["node_modules/prisma/build/index.js", "generate"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env });
  if (status !== 0) throw new Error(`prisma generate failed:\n${stdout}${stderr}`);
  writeFileSync(stamp, fingerprint());
}

/** Generates the database client unless it is up to date, for test runners that are started without `npm test`. */
export function ensureClient() {
  if (!isClientGenerated()) generateClient();
}

function fingerprint() {
  const hash = createHash("sha256");
  for (const file of ["prisma/schema.prisma", "node_modules/prisma/package.json"]) hash.update(readFileSync(file));
  return hash.digest("hex");
}
