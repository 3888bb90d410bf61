// Every npm command starts here. This file runs before anything is installed, so it is plain JavaScript that needs only
// Node: it installs what is missing, then runs the server or scripts/<name>.ts.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const [name = "start", ...rest] = process.argv.slice(2);
const quiet = name === "demo";

process.chdir(root);
process.env.NODE_ENV = { dev: "development", test: "test" }[name] ?? "production";
process.env.NEXT_TELEMETRY_DISABLED = "1";
process.env.CHECKPOINT_DISABLE = "1";

requireNode(20, 19);
if (!quiet) console.log(`\n  Tessera · npm ${name === "start" || name === "test" ? name : `run ${name}`}\n`);
step("Packages", isInstalled, "npm ci", install);
step("Database client", isGenerated, "prisma generate", generate);
run(await nodeArguments());

/** Refuses an old Node in one line, before it fails in a less clear way. */
function requireNode(major, minor) {
  const [actualMajor, actualMinor] = process.versions.node.split(".").map(Number);
  if (actualMajor > major || (actualMajor === major && actualMinor >= minor)) return;
  fail(
    `Tessera needs Node ${major}.${minor} or newer; this is ${process.versions.node}. Get a newer one from https://nodejs.org.`,
  );
}

function step(title, isDone, doing, act) {
  const began = performance.now();
  const done = isDone();
  if (!done) {
    console.log(`  · ${title.padEnd(18)}${doing} …`);
    act();
  }
  if (quiet) return;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`  ✓ ${title.padEnd(18)}${(done ? "up to date" : "ready").padEnd(58)}${seconds.padStart(6)} s`);
}

/** Is every package of the lockfile installed? npm writes its record last, so half an install counts as none. */
function isInstalled() {
  const record = "node_modules/.package-lock.json";
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
  const present = JSON.parse(readFileSync(record, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional, peer }]) =>
      path === "" || (present[path] ? present[path].version === version : optional || devOptional || peer),
  );
}

/** Installs without install scripts: no package needs one, and some would use the network (decision 0104). */
function install() {
  const npm = process.env.npm_execpath;
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--include=dev"];
  const options = { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, NODE_ENV: "development" } };
  const { status } = npm
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
  if (status !== 0) fail("npm ci did not succeed; the lines above say why. Fix that, then run this again.");
}

function isGenerated() {
  const stamp = "lib/generated/prisma/.generated-from";
  return existsSync(stamp) && readFileSync(stamp, "utf8") === clientFingerprint();
}

/** `prisma generate` would download an engine binary that it never runs; any executable serves as one. */
function generate() {
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
  const { status, stdout, stderr } = spawnSync(process.execPath, ["node_modules/prisma/build/index.js", "generate"], {
    env,
  });
  if (status !== 0) fail(`prisma generate did not succeed:\n${stdout}${stderr}`);
  writeFileSync("lib/generated/prisma/.generated-from", clientFingerprint());
}

function clientFingerprint() {
  const hash = createHash("sha256");
  for (const file of ["prisma/schema.prisma", "node_modules/prisma/package.json"]) hash.update(readFileSync(file));
  return hash.digest("hex");
}

/** The arguments for Node. The server is compiled first; the other commands load TypeScript directly. */
async function nodeArguments() {
  if (name !== "start") return ["--import", "tsx", "--conditions=react-server", `scripts/${name}.ts`];
  const { serverArguments } = await import("./compile.mjs");
  try {
    return serverArguments();
  } catch (error) {
    return fail(`The server could not be compiled: ${error.message}`);
  }
}

/** Runs the program, passes signals on to it, and exits with its code. */
function run(args) {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args, ...rest], {
    // The IPC channel closes when this process ends, even by kill -9; then the child stops.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event) stopWithParent(child);
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

/** Stops the child when npm is killed, which would leave it running. */
function stopWithParent(child) {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) child.kill("SIGTERM");
  }, 1000).unref();
}

function fail(message) {
  console.error(`  ✗ ${message}`);
  if (name === "test") console.log("0 passed, 1 failed");
  process.exit(1);
}
