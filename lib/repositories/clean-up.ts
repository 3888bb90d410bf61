import { db, inTransaction } from "../db";
import { log } from "../log";
import { keptHours, lockName } from "./content";
import { removeObjects } from "./stores";

/** How long a resumable upload waits for its next request, in seconds. */
export const uploadSecondsMax = 86_400;

/** A plain upload cannot be continued, so without a new chunk for this long its server was killed. */
const silentSecondsMax = 3_600;

/** Removes abandoned uploads, and contents that neither a file nor an upload has used for an hour. Several instances may
 * do it at once. */
export async function removeAbandoned(signal: AbortSignal): Promise<void> {
  await db.$executeRaw`
    DELETE FROM uploads
    WHERE touched_at < now() - make_interval(secs => CASE WHEN resumable THEN ${uploadSecondsMax}::float ELSE ${silentSecondsMax}::float END)`;
  await retireContents(signal);
  await removeRetired(signal);
}

async function retireContents(signal: AbortSignal): Promise<void> {
  const unused = await db.content.findMany({
    where: { sha256: { not: null }, files: { none: {} } },
    select: { sha256: true },
  });
  for (const { sha256 } of unused) if (sha256 && !signal.aborted) await retireContent(sha256);
  await db.$executeRaw`
    UPDATE contents SET remove_at = now() + make_interval(hours => ${keptHours}::int)
    WHERE sha256 IS NULL AND remove_at IS NULL AND NOT EXISTS (SELECT FROM uploads WHERE content_id = contents.id)`;
}

/** Takes the digest from a content without files, after which no file can get it. */
async function retireContent(sha256: string): Promise<void> {
  await inTransaction(async (tx) => {
    await lockName(tx, sha256);
    await tx.content.updateMany({ where: { sha256, files: { none: {} } }, data: { sha256: null } });
  });
}

/** One that cannot be removed, as while its store is away, stays for the next time. */
async function removeRetired(signal: AbortSignal): Promise<void> {
  const retired = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM contents WHERE sha256 IS NULL AND remove_at < now() ORDER BY remove_at`;
  for (const { id } of retired) {
    if (signal.aborted) return;
    try {
      await removeContent(id, signal);
    } catch (error) {
      log.error({ content: id, err: error }, "an unused content could not be removed yet");
    }
  }
}

/** First its objects, then their names, and its rows last. */
async function removeContent(id: string, signal: AbortSignal): Promise<void> {
  const objects = await db.storedObject.findMany({ where: { contentId: id }, select: { name: true } });
  const names = objects.map(({ name }) => name);
  await removeObjects(names);
  await db.storedObject.deleteMany({ where: { name: { in: names } } });
  while (!signal.aborted && (await deleteSomeChunks(id)) > 0);
  const nothing = { none: {} };
  await db.content.deleteMany({ where: { id, sha256: null, objects: nothing, chunks: nothing, uploads: nothing } });
}

/** One statement for all chunks of a large file would take minutes. */
const deleteSomeChunks = (contentId: string): Promise<number> =>
  db.$executeRaw`
    DELETE FROM file_chunks WHERE content_id = ${contentId} AND seq IN (
      SELECT seq FROM file_chunks WHERE content_id = ${contentId} LIMIT 20 FOR UPDATE SKIP LOCKED
    )`;
