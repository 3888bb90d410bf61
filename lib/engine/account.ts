import { chmod, lchown, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { perProcess } from "../per-process";
import { findOrCreateSystemAccount, isReachable, type SystemAccount, sharedFolderFor } from "../system-account";

/** Where the server is root, queries run as this account, so that a flaw opens no file of the server. Else null. */
export const engineAccount = perProcess(
  "engine account",
  async (): Promise<SystemAccount | null> =>
    process.getuid?.() === 0 ? findOrCreateSystemAccount("tessera-engine") : null,
);

/** Returns the folder, or one in `/var/lib/tessera` instead where the account could not enter it. */
export async function enterableFolder(folder: string): Promise<string> {
  return (await engineAccount()) === null || (await isReachable(folder)) ? folder : sharedFolderFor(folder);
}

/** Creates folders that the engine's account may pass through, and only the server may list. */
export async function makePassage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o711 });
  await chmod(folder, 0o711);
}

/** Gives a folder of one run, and what is in it, to the engine's account. */
export async function giveToEngine(folder: string, { uid, gid }: SystemAccount): Promise<void> {
  const names = await readdir(folder, { recursive: true });
  for (const path of [folder, ...names.map((name) => join(folder, name))]) await lchown(path, uid, gid);
}
