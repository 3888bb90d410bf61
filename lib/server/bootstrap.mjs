// `npm start`, `npm run dev`, `npm test` and the others begin here. It runs before anything is installed, so it is plain
// JavaScript and needs nothing but Node: it installs what is missing, then runs the server or scripts/<name>.ts.

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
step("Packages", installed, "npm ci", install);
step("Database client", generated, "prisma generate", generate);
run(await program());

/** Refuses a Node that is too old, in one line, before anything else can fail in a way that says less. */
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

/** True when every package of the lockfile is there in its version. npm writes its own record last, so half an install counts as none. */
function installed() {
  const record = "node_modules/.package-lock.json";
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
  const present = JSON.parse(readFileSync(record, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional, peer }]) =>
      path === "" || (present[path] ? present[path].version === version : optional || devOptional || peer),
  );
}

/** Without install scripts: nothing here needs one, and they would reach for the network. */
function install() {
  const npm = process.env.npm_execpath;
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--include=dev"];
  const options = { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, NODE_ENV: "development" } };
  const { status } = npm
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
  if (status !== 0) fail("npm ci did not succeed; the lines above say why. Mend that, then run this again.");
}

function generated() {
  const stamp = "lib/generated/prisma/.generated-from";
  return existsSync(stamp) && readFileSync(stamp, "utf8") === clientFingerprint();
}

/** `prisma generate` asks for an engine binary that it never runs, and would download one; any executable satisfies it. */
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

/** What Node is given. The server is compiled first; everything else reads TypeScript as it goes. */
async function program() {
  if (name !== "start") return ["--import", "tsx", "--conditions=react-server", `scripts/${name}.ts`];
  const { serverArguments } = await import("./compile.mjs");
  try {
    return serverArguments();
  } catch (error) {
    return fail(`The server could not be compiled: ${error.message}`);
  }
}

/** Runs it, hands it the signals that reach this process, and ends as it ended. */
function run(program) {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...program, ...rest], {
    // The fourth is a line to the child: when this process dies, even by kill -9, the child hears of it and stops.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event) stopWithParent(child);
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

/** When npm is killed, its children are left to run. */
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
