import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { type Server, type StartOptions, startServer } from "./start-server";

const folder = "bench/peers";

/**
 * Installs the programs that Tessera is compared with in their own folder, without install scripts: the native parts of their
 * packages (of `ssh2`) are optional and not used.
 *
 * @throws Error when they cannot be installed.
 */
export function installPeers(say: (text: string) => void): void {
  if (isInstalled()) return;
  if (failure) throw failure;
  say("installing the peers: npm ci in bench/peers …");
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = process.env.npm_execpath;
  const options = { cwd: folder, encoding: "utf8" } as const;
  const { status, stderr } = npm
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
  if (status === 0) return;
  failure = new Error(`npm ci in ${folder} failed: ${stderr.trim().split("\n").slice(0, 2).join("; ")}`);
  throw failure;
}

/** It is not tried again for every peer. */
let failure: Error | undefined;

/** Starts a program of `bench/peers/`, such as `unleash`, and installs the peers before. */
export async function startPeer(say: (text: string) => void, name: string, options?: StartOptions): Promise<Server> {
  installPeers(say);
  return startServer(`peers/${name}`, options);
}

/** npm writes its record last, so an interrupted installation counts as none. */
function isInstalled(): boolean {
  const record = `${folder}/node_modules/.package-lock.json`;
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(`${folder}/package-lock.json`, "utf8")).packages;
  const present = JSON.parse(readFileSync(record, "utf8")).packages;
  return Object.entries<{ version?: string; optional?: boolean }>(wanted).every(
    ([path, { version, optional }]) => path === "" || present[path]?.version === version || optional,
  );
}
