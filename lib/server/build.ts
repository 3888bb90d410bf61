import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CannotStart, note } from "./steps";

const stamp = ".next/built-from";
const sources = ["app", "components", "lib", "public", "prisma/schema.prisma"];
const settings = ["next.config.ts", "package-lock.json", "postcss.config.mjs", "tsconfig.json"];
const retryMs = 1_000;
const notBuilt = /^lib\/(server|generated)\/|\.test\.tsx?$/;

/** Builds the pages unless the last build has the same sources. Returns the text to print. */
export async function ensureBuilt(): Promise<string> {
  if (isPackage()) return "as packaged";
  const fingerprint = await sourceFingerprint();
  const isCurrent = async () => existsSync(stamp) && (await readFile(stamp, "utf8")) === fingerprint;
  if (await isCurrent()) return "up to date";
  note("Pages", "sources changed, building (about a minute) …");
  for (let isNoted = false; !(await isCurrent()); await delay(retryMs)) {
    if ((await build()) === "built") {
      await writeFile(stamp, fingerprint);
      return "built";
    }
    if (!isNoted) note("Pages", "another process is building, waiting for it");
    isNoted = true;
  }
  return "built by another process";
}

/** `npm run package` leaves the sources out. */
export const isPackage = (): boolean => existsSync(stamp) && !existsSync("next.config.ts");

/** As Next's standalone server does, it hands over the configuration of the build. Otherwise Next would compile
 * `next.config.ts` at each start and keep the compiler in memory (docs/decisions/1703). */
export async function provideBuiltConfiguration(): Promise<void> {
  const { config } = JSON.parse(await readFile(".next/required-server-files.json", "utf8"));
  process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(config);
}

/** Next.js locks the folder of a build. */
const isOtherBuild = /Another .*next build.* process is already running/;

/** The IPC channel closes when this process ends, even by kill -9. Then the build must end too. */
const endWithParent =
  "data:text/javascript,process.once('disconnect',()=>process.kill(process.pid,'SIGKILL'));process.channel?.unref()";

function build(): Promise<"built" | "busy"> {
  const next = spawn(process.execPath, ["--import", endWithParent, "node_modules/next/dist/bin/next", "build"], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  let output = "";
  for (const stream of [next.stdout, next.stderr]) stream?.on("data", (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    next.on("error", reject);
    next.on("exit", (code) => {
      if (code === 0) resolve("built");
      else if (isOtherBuild.test(output)) resolve("busy");
      else reject(new CannotStart(`The build failed.\n${output}`));
    });
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

async function filesIn(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  if (path.endsWith(".prisma")) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).replaceAll("\\", "/"));
}
