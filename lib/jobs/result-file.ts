import { constants, type FileHandle, open } from "node:fs/promises";
import type { SystemAccount } from "../system-account";

/** Opens a result of this many bytes for reading. Throws for a link and for anything but a regular file of the account
 * with that size: queries run in its folder, and what the server reads here goes to their users. */
export async function openResult(path: string, bytes: number, account: SystemAccount | null): Promise<FileHandle> {
  // Without O_NONBLOCK, opening a pipe would wait for its writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    const owner = account?.uid ?? process.getuid?.() ?? found.uid;
    if (found.isFile() && found.uid === owner && found.nlink === 1 && found.size === bytes) return file;
    throw new Error("The result is not the file that the engine said it wrote.");
  } catch (error) {
    await file.close();
    throw error;
  }
}
