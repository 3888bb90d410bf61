import { chmod, lchown, mkdir } from "node:fs/promises";
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

/** Gives files and folders of one run to the engine's account. The folders come last and in this order: as soon as the
 * account owns one, it could replace what is inside. */
export async function giveToEngine(
  files: readonly string[],
  folders: readonly string[],
  { uid, gid }: SystemAccount,
): Promise<void> {
  await Promise.all(files.map((path) => lchown(path, uid, gid)));
  for (const path of folders) await lchown(path, uid, gid);
}
