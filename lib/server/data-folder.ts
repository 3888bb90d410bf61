import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { isOtherLiveProcess } from "@/lib/live-process";
import type { SystemAccount } from "@/lib/system-account";
import type { PostgresPrograms } from "./postgres-programs";
import { CannotStart } from "./steps";

const run = promisify(execFile);

interface NewFolder extends PostgresPrograms {
  data: string;
  password: string;
  throwaway: boolean;
}

/** Creates the data folder of PostgreSQL unless it exists: under a name of this process, which is changed at the end, so
 * that neither a kill nor another start at the same time leaves half of one. Throws CannotStart. */
export async function createDataFolder(folder: NewFolder, signal: AbortSignal): Promise<void> {
  const { home, data, account } = folder;
  await mkdir(home, { recursive: true, mode: 0o700 });
  if (account) await chown(home, account.uid, account.gid);
  await removeUnfinished(data);
  if (existsSync(data)) return makeUsable(folder);

  const unfinished = `${data}.new-${process.pid}`;
  const passwordFile = `${unfinished}.password`;
  await writeFile(passwordFile, folder.password, { mode: 0o600 });
  if (account) await chown(passwordFile, account.uid, account.gid);
  try {
    await initialize(folder, unfinished, passwordFile, signal);
    await rename(unfinished, data).catch((error) => {
      if (!existsSync(data)) throw error;
    });
  } finally {
    await rm(passwordFile, { force: true });
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** A copy may belong to its maker, or be open to others. PostgreSQL uses neither. */
async function makeUsable({ home, data, account }: NewFolder): Promise<void> {
  const { uid, mode } = await stat(data);
  const own = process.getuid?.();
  if ((own === 0 || own === uid) && (mode & 0o027) !== 0) await chmod(data, 0o700);
  if (account && account.uid !== uid) await run("chown", ["-R", "-h", `${account.uid}:${account.gid}`, home]);
}

async function initialize(
  { initdb, account, throwaway }: NewFolder,
  folder: string,
  passwordFile: string,
  signal: AbortSignal,
): Promise<void> {
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const access = ["--username=postgres", "--auth=scram-sha-256", `--pwfile=${passwordFile}`];
  const sync = throwaway ? ["--no-sync"] : [];
  try {
    await run(initdb, [`--pgdata=${folder}`, ...access, ...locale, ...sync], { ...asAccount(account), signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new CannotStart(`PostgreSQL could not create its data folder: ${reasonIn(cause)}`, { cause });
  }
}

/** Below the reason, initdb says that it removes what it has written. */
function reasonIn(failure: unknown): string {
  const { stderr = "", message } = failure as Error & { stderr?: string };
  const lines = stderr.trim().split("\n");
  const reason = lines.findLast((line) => /\b(FATAL|PANIC|error): /.test(line)) ?? lines.at(-1);
  return reason?.replace(/^.*?\b(FATAL|PANIC|error): +/, "") || message;
}

/** Removes what starts that were killed have left. An initdb that has survived its server may still write there. */
async function removeUnfinished(data: string): Promise<void> {
  const prefix = `${basename(data)}.new`;
  for (const name of await readdir(dirname(data))) {
    if (!name.startsWith(prefix) || isOtherLiveProcess(Number(/-(\d+)/.exec(name)?.[1]))) continue;
    await rm(join(dirname(data), name), { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** The options of a child process that runs a program of PostgreSQL. */
export function asAccount(account: SystemAccount | null) {
  return { ...account, cwd: "/", env: { ...process.env, LC_ALL: "C" } };
}
