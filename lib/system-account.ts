import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

export interface SystemAccount {
  uid: number;
  gid: number;
}

const run = promisify(execFile);
export const sharedFolder = "/var/lib/tessera";

/** Throws an error for the operator when root cannot create the account. */
export async function findOrCreateSystemAccount(name: string): Promise<SystemAccount> {
  const account = await findSystemAccount(name);
  if (account) return account;
  const failure = await run("useradd", ["--system", "--user-group", "--no-create-home", name]).then(
    () => null,
    (error: Error) => error,
  );
  // Another process may have created it at the same time.
  const created = await findSystemAccount(name);
  if (created) return created;
  const advice = "Create it, or start Tessera as a user other than root.";
  throw new Error(`Could not create the system user \`${name}\`. ${advice}`, { cause: failure });
}

async function findSystemAccount(name: string): Promise<SystemAccount | null> {
  const lines = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  const found = lines.find(([user]) => user === name);
  return found ? { uid: Number(found[2]), gid: Number(found[3]) } : null;
}

/** Whether every account can enter the folders above. Those that do not exist yet will be created so. */
export async function isReachable(folder: string): Promise<boolean> {
  for (let path = dirname(folder); path !== dirname(path); path = dirname(path)) {
    if (existsSync(path) && ((await stat(path)).mode & 0o001) === 0) return false;
  }
  return true;
}

/** The folder that replaces one that other accounts cannot reach, such as in `/root`. */
export const sharedFolderFor = (folder: string): string => join(sharedFolder, shortDigest(folder));

export const shortDigest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);
