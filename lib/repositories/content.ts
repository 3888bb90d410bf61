import { createHash, randomUUID } from "node:crypto";
import { db, inTransaction, pool, type Tx } from "../db";
import { log } from "../log";
import type { ChunkPlace } from "./chunk-store";
import { readPlace, removeObjects } from "./stores";

/** Bytes from `start` up to and without `end`. */
export interface ByteRange {
  start: number;
  end: number;
}

const chunkBytes = 1_048_576;

/** Stores bytes in PostgreSQL, once per content, and returns their SHA-256 in hexadecimal. They must be few, because
 * they are written inside the transaction; {@link ContentWriter} takes files of any size. */
export async function storeContent(tx: Tx, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (await shareContent(tx, sha256)) return sha256;
  const id = randomUUID();
  await tx.content.create({ data: { id, sha256, chunkBytes } });
  const data = chunksOf(bytes).map((chunk, seq) => ({ contentId: id, seq, bytes: chunk }));
  await tx.fileChunk.createMany({ data });
  return sha256;
}

/** Locks a digest until the transaction ends, and returns whether there is a content with it. */
export async function shareContent(tx: Tx, sha256: string): Promise<boolean> {
  await lockDigest(tx, sha256);
  return (await tx.content.findUnique({ where: { sha256 }, select: { id: true } })) !== null;
}

/** Streams a content or a part of it. `size` is that of the whole. */
export async function* readContent(
  sha256: string,
  size: number,
  { start, end }: ByteRange = { start: 0, end: size },
): AsyncGenerator<Uint8Array> {
  const content = await db.content.findUnique({ where: { sha256 }, select: { id: true, chunkBytes: true } });
  if (!content) throw new Error(`The content ${sha256} was removed.`);
  for (let at = start; at < end; ) {
    const seq = Math.floor(at / content.chunkBytes);
    const begin = seq * content.chunkBytes;
    const stop = Math.min(end, begin + content.chunkBytes);
    yield* readPlace(await findChunk(content.id, seq), at - begin, stop - begin);
    at = stop;
  }
}

/** The driver of Prisma would take four times the memory for a chunk. */
async function findChunk(contentId: string, seq: number): Promise<ChunkPlace> {
  const { rows } = await pool().query<ChunkPlace>(
    "SELECT bytes, object FROM file_chunks WHERE content_id = $1 AND seq = $2",
    [contentId, seq],
  );
  if (!rows[0]) throw new Error(`The chunk ${seq} of the content ${contentId} is missing.`);
  return rows[0];
}

/** Removes those that nothing uses. A failure is logged, and {@link removeUnusedContents} makes up for it. */
export async function removeUnused(digests: Iterable<string>): Promise<void> {
  try {
    for (const sha256 of new Set(digests)) await retireContent(sha256);
    await removeRetired();
  } catch (error) {
    log.error({ err: error }, "unused data files could not be removed yet");
  }
}

/** Removes all contents that neither a file nor an upload uses. */
export async function removeUnusedContents(): Promise<void> {
  const unused = await db.content.findMany({
    where: { sha256: { not: null }, files: { none: {} } },
    select: { sha256: true },
  });
  for (const { sha256 } of unused) if (sha256) await retireContent(sha256);
  await removeRetired();
}

/** Takes the digest from a content without files, after which no file can get it. */
async function retireContent(sha256: string): Promise<void> {
  await inTransaction(async (tx) => {
    await lockDigest(tx, sha256);
    await tx.content.updateMany({ where: { sha256, files: { none: {} } }, data: { sha256: null } });
  });
}

/** Removes contents without a digest and without an upload: first their objects, then their rows. */
async function removeRetired(): Promise<void> {
  const retired = await db.content.findMany({
    where: { sha256: null, uploads: { none: {} } },
    select: { id: true, objects: { select: { name: true } } },
  });
  for (const { id, objects } of retired) {
    const names = objects.map(({ name }) => name);
    await removeObjects(names);
    await db.storedObject.deleteMany({ where: { name: { in: names } } });
    await deleteChunks(id);
    await db.content.deleteMany({ where: { id, sha256: null, objects: { none: {} } } });
  }
}

/** In batches, because one statement for all chunks of a large file would take minutes. */
async function deleteChunks(contentId: string): Promise<void> {
  const batch = () =>
    db.$executeRaw`
      DELETE FROM file_chunks WHERE content_id = ${contentId} AND seq IN (
        SELECT seq FROM file_chunks WHERE content_id = ${contentId} LIMIT 20
      )`;
  while ((await batch()) > 0);
}

function lockDigest(tx: Tx, sha256: string) {
  return tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${sha256}, 0))`;
}

function chunksOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  return Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
}
