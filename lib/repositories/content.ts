import { createHash, randomUUID } from "node:crypto";
import { pool, type Tx } from "../db";
import type { Prisma } from "../generated/prisma/client";
import type { ChunkPlace } from "./chunk-store";
import { postgresStore, readPlace } from "./stores";

/** Bytes from `start` up to and without `end`. */
export interface ByteRange {
  start: number;
  end: number;
}

/** Stores bytes in PostgreSQL, once per content, and returns their SHA-256 in hexadecimal. They must be few, because
 * they are written inside the transaction; {@link ContentWriter} takes files of any size. */
export async function storeContent(tx: Tx, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (await shareContent(tx, sha256)) return sha256;
  const id = randomUUID();
  await tx.content.create({ data: { id, sha256, chunkBytes: postgresStore.chunkBytes } });
  const data = chunksOf(bytes).map((chunk, seq) => ({ contentId: id, seq, bytes: chunk }));
  await tx.fileChunk.createMany({ data });
  return sha256;
}

/** Locks a digest until the transaction ends, and returns whether there is a content with it. */
export async function shareContent(tx: Tx, sha256: string): Promise<boolean> {
  await lockName(tx, sha256);
  return (await tx.content.findUnique({ where: { sha256 }, select: { id: true } })) !== null;
}

export interface StoredContent {
  id: string;
  chunkBytes: number;
}

export const storedContentFields = { id: true, chunkBytes: true } satisfies Prisma.ContentSelect;

/** How long a content that nothing uses any more is kept for those who are reading or writing it. */
export const keptHours = 1;

/** Streams a part of a content, whose whole has `size` bytes. A content that was removed meanwhile can be read to
 * its end, if no chunk takes longer than {@link keptHours}. */
export async function* readContent(
  { id, chunkBytes }: StoredContent,
  size: number,
  range: ByteRange = { start: 0, end: size },
): AsyncGenerator<Uint8Array> {
  for (const { seq, from, to } of chunksIn(range, chunkBytes)) yield* readPlace(await findChunk(id, seq), from, to);
}

/** Streams a whole content. Its last bytes come once its SHA-256 is right, because a store may answer other bytes. */
export async function* readWholeContent(
  content: StoredContent,
  { size, sha256 }: { size: number; sha256: string },
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let last: Uint8Array | null = null;
  for await (const part of readContent(content, size)) {
    hash.update(part);
    if (last) yield last;
    last = part;
  }
  if (hash.digest("hex") !== sha256) throw new Error(`The stored content ${sha256} is not whole.`);
  if (last) yield last;
}

/** The chunks that have the bytes of a range, with where in each. */
export function* chunksIn({ start, end }: ByteRange, chunkBytes: number) {
  for (let at = start; at < end; ) {
    const seq = Math.floor(at / chunkBytes);
    const begin = seq * chunkBytes;
    const stop = Math.min(end, begin + chunkBytes);
    yield { seq, from: at - begin, to: stop - begin };
    at = stop;
  }
}

/** Keeps contents that are read later. */
export async function keepContents(ids: readonly string[]): Promise<void> {
  await pool().query(keepingOf("id = ANY ($1)"), [ids]);
}

/** The driver of Prisma would take four times the memory for a chunk. */
async function findChunk(contentId: string, seq: number): Promise<ChunkPlace> {
  const { rows } = await pool().query<ChunkPlace>(
    `WITH kept AS (${keepingOf("id = $1")}) SELECT bytes, object FROM file_chunks WHERE content_id = $1 AND seq = $2`,
    [contentId, seq],
  );
  if (!rows[0]) throw new Error(`The chunk ${seq} of the content ${contentId} is missing.`);
  return rows[0];
}

/** It writes only when half of the time is over. */
const keepingOf = (condition: string) =>
  `UPDATE contents SET remove_at = now() + interval '${keptHours} hours'
   WHERE ${condition} AND remove_at < now() + interval '${keptHours / 2} hours'`;

/** Locks a digest, or another name, until the transaction ends. */
export function lockName(tx: Tx, name: string) {
  return tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
}

function chunksOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const { chunkBytes } = postgresStore;
  return Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
}
