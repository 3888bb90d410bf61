import { createHash } from "node:crypto";
import { db, type Tx } from "../db";

const chunkBytes = 1_048_576;

/** Stores bytes once per content and returns their SHA-256 in hexadecimal. The content is locked until the transaction
 * ends, so that a concurrent {@link deleteUnused} cannot delete bytes that are stored again. */
export async function storeContent(tx: Tx, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  await lockContent(tx, sha256);
  const data = chunksOf(bytes).map((chunk, seq) => ({ sha256, seq, bytes: chunk }));
  await tx.fileChunk.createMany({ data, skipDuplicates: true });
  return sha256;
}

/** Deletes those of the contents that no data file has any more. */
export async function deleteUnused(tx: Tx, digests: Iterable<string>): Promise<void> {
  for (const sha256 of [...new Set(digests)].sort()) {
    await lockContent(tx, sha256);
    const used = await tx.repositoryFile.findFirst({ where: { sha256 }, select: { name: true } });
    if (!used) await tx.fileChunk.deleteMany({ where: { sha256 } });
  }
}

export async function* contentChunks(sha256: string): AsyncGenerator<Uint8Array> {
  for (let seq = 0; ; seq++) {
    const chunk = await db.fileChunk.findUnique({ where: { sha256_seq: { sha256, seq } }, select: { bytes: true } });
    if (!chunk) return;
    yield chunk.bytes;
  }
}

function lockContent(tx: Tx, sha256: string) {
  return tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${sha256}, 0))`;
}

function chunksOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  return Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
}
