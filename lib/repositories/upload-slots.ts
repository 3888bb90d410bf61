import { Refusal } from "../errors";
import { perProcess } from "../per-process";

/** Each request that writes an upload holds a chunk in memory, which has 8 MiB for an S3 store. */
const writersMax = 24;
export const writersOfUserMax = 8;

const writers = perProcess("writers-of-uploads", () => new Map<string, number>());

/** Does work that writes an upload of this user. Refuses `too-many` beyond the user's limit, and `unavailable` beyond
 * that of the process. */
export async function withUploadSlot<T>(userId: string, work: () => Promise<T>): Promise<T> {
  const counts = writers();
  const ofUser = counts.get(userId) ?? 0;
  if (ofUser >= writersOfUserMax) throw tooManyWriters();
  if ([...counts.values()].reduce((sum, count) => sum + count, 0) >= writersMax) throw processFull();
  counts.set(userId, ofUser + 1);
  try {
    return await work();
  } finally {
    const left = (counts.get(userId) ?? 1) - 1;
    if (left > 0) counts.set(userId, left);
    else counts.delete(userId);
  }
}

const tooManyWriters = () =>
  new Refusal("too-many", `You can send ${writersOfUserMax} files at a time. Wait until one is complete.`, { headers });

const processFull = () =>
  new Refusal("unavailable", "The server is receiving too many files. Try again in a few seconds.", { headers });

const headers = { "Retry-After": "5" };
