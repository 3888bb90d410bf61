import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CannotStart, note } from "./steps";

const stamp = ".next/built-from";
const sources = ["app", "components", "lib", "public", "prisma/schema.prisma"];
const settings = ["next.config.mjs", "package-lock.json", "postcss.config.mjs", "tsconfig.json"];
const notBuilt = /^lib\/(server|generated)\/|\.test\.tsx?$/;

/** Builds the pages for production unless the last build has the same sources. Returns the text to print. */
export async function ensureBuilt(): Promise<string> {
  const fingerprint = await sourceFingerprint();
  if (existsSync(stamp) && (await readFile(stamp, "utf8")) === fingerprint) return "up to date";
  note("Pages", "sources changed, building (a minute or so) …");
  await build();
  await writeFile(stamp, fingerprint);
  return "built";
}

function build(): Promise<void> {
  const next = spawn(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  let output = "";
  for (const stream of [next.stdout, next.stderr]) stream.on("data", (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    next.on("error", reject);
    next.on("exit", (code) => (code === 0 ? resolve() : reject(new CannotStart(`The build failed.\n${output}`))));
  });
}

async function sourceFingerprint(): Promise<string> {
  const found = (await Promise.all(sources.map(filesIn))).flat();
  const hash = createHash("sha256").update(process.version);
  for (const file of [...found, ...settings].filter((path) => !notBuilt.test(path)).sort()) {
    hash.update(file).update(await readFile(file));
  }
  return hash.digest("hex");
}

/** Paths with `/`, also on Windows. */
async function filesIn(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  if (path.endsWith(".prisma")) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).replaceAll("\\", "/"));
}
