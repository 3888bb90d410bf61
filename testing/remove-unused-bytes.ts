import { db } from "@/lib/db";
import { removeAbandoned } from "@/lib/repositories/clean-up";

const never = new AbortController().signal;

/** Does what the server does within an hour and some minutes. */
export async function removeUnusedBytes(): Promise<void> {
  await removeAbandoned(never);
  await db.$executeRaw`UPDATE contents SET remove_at = now() - interval '1 second' WHERE remove_at IS NOT NULL`;
  await removeAbandoned(never);
}
