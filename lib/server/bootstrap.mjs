// Every npm command starts here. This file runs before anything is installed, so it is plain JavaScript that needs only
// Node: it installs what is missing, then runs a development tool, the server or scripts/<name>.ts.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { generateClient, isClientGenerated } from "./prisma-client.mjs";
import { tools } from "./tools.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const [name = "start", ...rest] = process.argv.slice(2);
const quiet = name === "demo";

process.chdir(root);
process.env.NODE_ENV = name.startsWith("test") ? "test" : name === "dev" ? "development" : "production";
process.env.NEXT_TELEMETRY_DISABLED = "1";
process.env.CHECKPOINT_DISABLE = "1";

requireNode(20, 19);
if (!quiet) console.log(`\n  Tessera · npm ${name === "start" || name === "test" ? name : `run ${name}`}\n`);
step("Packages", isInstalled, "npm ci", install);
step("Database client", isClientGenerated, "prisma generate", generate);
process.exit(await runAll(tools[name] ?? [await nodeArguments()]));

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

/** npm writes its record last, so half an install counts as none. */
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
  if (status !== 0) fail("npm ci failed, see above. Fix the problem, then run this again.");
}

function generate() {
  try {
    generateClient();
  } catch (error) {
    fail(error.message);
  }
}

async function nodeArguments() {
  if (name !== "start") {
    const program = name === "build" ? "lib/server/build-pages.ts" : `scripts/${name}.ts`;
    return ["--import", "tsx", "--conditions=react-server", program];
  }
  const { serverArguments } = await import("./compile.mjs");
  try {
    return serverArguments();
  } catch (error) {
    return fail(`Could not compile the server: ${error.message}`);
  }
}

async function runAll(programs) {
  for (const program of programs.slice(0, -1)) {
    const code = await run(program);
    if (code !== 0) return code;
  }
  return run([...programs.at(-1), ...rest]);
}

function run(program) {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...program], {
    // The IPC channel closes when this process ends, even by kill -9; then the child stops.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event) stopWithParent(child);
  return new Promise((resolve) => child.on("exit", (code, signal) => resolve(code ?? (signal ? 1 : 0))));
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
