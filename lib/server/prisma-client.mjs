import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const stamp = "lib/generated/prisma/.generated-from";

/** The client must have been generated from the present schema by the present Prisma. */
export function isClientGenerated() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint();
}

/** When it fails, it throws an error with what `prisma generate` printed. */
export function generateClient() {
  // Prisma asks for an engine binary that it never runs, and would download one; any executable satisfies it.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
  const args = ["node_modules/prisma/build/index.js", "generate"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env });
  if (status !== 0) throw new Error(`prisma generate failed:\n${stdout}${stderr}`);
  writeFileSync(stamp, fingerprint());
}

/** Test runners that are started without `npm test` need this. */
export function ensureClient() {
  if (!isClientGenerated()) generateClient();
}

function fingerprint() {
  const hash = createHash("sha256");
  for (const file of ["prisma/schema.prisma", "node_modules/prisma/package.json"]) hash.update(readFileSync(file));
  return hash.digest("hex");
}
