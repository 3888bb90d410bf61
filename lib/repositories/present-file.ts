import type { Tx } from "../db";
import { Refusal } from "../errors";

/** Whether a change may be made of a present file with this SHA-256, or where there is none (null). */
export type FileCondition = (sha256: string | null) => boolean;

interface Present {
  sha256: string;
}

/** Refuses `precondition-failed`. Without a condition, every change may be made. */
export function demandCondition(condition: FileCondition | undefined, present: Present | null): void {
  if (condition === undefined || condition(present?.sha256 ?? null)) return;
  throw present ? presentFileDiffers() : new Refusal("precondition-failed", "There is no such file to be matched.");
}

export const presentFileDiffers = () =>
  new Refusal(
    "precondition-failed",
    "There is a file that If-Match or If-None-Match does not allow to change. Look at it, and leave them out or use another name.",
  );

/** Reads a file and locks it until the transaction ends, so that of several changes with the same condition only the first
 * finds it met. */
export async function lockFile(tx: Tx, repositoryId: string, name: string): Promise<Present | null> {
  const [present = null] = await tx.$queryRaw<Present[]>`
    SELECT sha256 FROM repository_files WHERE repository_id = ${repositoryId}::uuid AND name = ${name} FOR UPDATE`;
  return present;
}
