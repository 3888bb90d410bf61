import { randomUUID } from "node:crypto";
import { db, pool } from "../db";
import { invalid, notFound, Refusal } from "../errors";
import type { Actor } from "../permissions/actor";
import { ContentWriter, type OpenUpload } from "./content-writer";
import { repositoryFor } from "./queries";
import type { FilePath } from "./schema";
import {
  completeUpload,
  demandPossibleLength,
  discardUpload,
  type FileBody,
  type PutOutcome,
  sizeMaxOf,
  withNewUpload,
} from "./upload-rows";
import { withUploadSlot } from "./upload-slots";

export interface UploadState {
  id: string;
  received: number;
  /** The size of the whole file, once it is known. */
  length: number | null;
  completed: boolean;
}

/** A part of a file that follows `offset` bytes. `length` and `sha256` are those of the whole file. */
export interface FilePart extends FileBody {
  offset: number;
  complete: boolean;
}

/** Begins an upload that further requests continue, with the first part, which may be empty. Only the actor continues
 * it. Refuses `forbidden` without `repository/…:publish`, `precondition-failed`, `too-large`, and `too-many` at once or unfinished. */
export async function createUpload(who: Actor, path: FilePath, body: FileBody): Promise<UploadState> {
  return withNewUpload(who, path, { ...body, resumable: true }, async (upload) => {
    const writer = await append(upload, body);
    await writer.pause();
    await body.confirm?.();
    return { id: upload.id, received: writer.received, length: body.length ?? null, completed: false };
  });
}

/** Where the actor's upload continues. A request that still writes is stopped. Needs `repository/…:publish`. */
export async function findUpload(who: Actor, id: string): Promise<UploadState> {
  await demandUpload(who, id);
  const { rows } = await pool().query<{ received: string; length: string | null; completed: boolean }>(
    "UPDATE uploads SET writer = $2, touched_at = now() WHERE id = $1 RETURNING received, length, completed",
    [id, randomUUID()],
  );
  if (!rows[0]) throw notFound();
  const { received, length, completed } = rows[0];
  return { id, received: Number(received), length: numberOf(length), completed };
}

/** Appends a part; the last one makes the data file. What came of a part that breaks off is kept. Refuses `conflict`
 * with the right offset, when another request continues the upload, and when it is complete; `too-many` at once. */
export async function appendToUpload(who: Actor, id: string, part: FilePart): Promise<PutOutcome | UploadState> {
  const path = await demandUpload(who, id);
  demandPossibleLength(part);
  return withUploadSlot(who.userId, () => appendClaimed(who, path, id, part));
}

async function appendClaimed(
  who: Actor,
  path: FilePath,
  id: string,
  part: FilePart,
): Promise<PutOutcome | UploadState> {
  const { upload, length, expected } = await claimUpload(id, part);
  const writer = await append(upload, part);
  const confirm = async () => (await part.confirm?.()) ?? who;
  if (!part.complete) {
    await writer.pause();
    await confirm();
    return { id, received: writer.received, length, completed: false };
  }
  const whole = { sha256: await writer.finish(), size: writer.received, expected, length };
  try {
    return await completeUpload(await confirm(), path, upload, whole);
  } catch (error) {
    if (error instanceof Refusal && error.code === "invalid") await discardUpload(upload);
    throw error;
  }
}

/** Ends the actor's upload; `removeAbandoned` removes its bytes. Needs `repository/…:publish`. */
export async function cancelUpload(who: Actor, id: string): Promise<void> {
  await demandUpload(who, id);
  await db.upload.deleteMany({ where: { id, completed: false } });
}

/** Returns the path of the file. Refuses `not-found` for an upload of another user. */
async function demandUpload(who: Actor, id: string): Promise<FilePath> {
  const row = await db.upload.findUnique({
    where: { id, ownerId: who.userId },
    select: { name: true, repository: { select: { name: true } } },
  });
  if (!row) throw notFound();
  await repositoryFor(who, row.repository.name, "publish");
  return { repository: row.repository.name, file: row.name };
}

async function append(upload: OpenUpload, { chunks }: FileBody): Promise<ContentWriter> {
  const writer = await ContentWriter.open(upload);
  try {
    for await (const bytes of chunks) await writer.write(bytes);
    return writer;
  } catch (error) {
    if (error instanceof Refusal && error.code === "too-large") await discardUpload(upload);
    else await writer.pause();
    throw error;
  }
}

interface UploadRow {
  content_id: string;
  chunk_bytes: number;
  received: string;
  length: string | null;
  tail: Buffer | null;
  hash_state: Buffer | null;
  expected: string | null;
}

async function claimUpload(id: string, { offset, length = null, sha256 = null }: FilePart) {
  const writer = randomUUID();
  const { rows } = await pool().query<UploadRow>(
    `UPDATE uploads SET writer = $2, touched_at = now(), length = coalesce(length, $4::bigint), expected = coalesce(expected, $5)
     FROM contents
     WHERE uploads.id = $1 AND contents.id = content_id AND NOT completed AND received = $3
       AND coalesce(length, $4, 0) = coalesce($4, length, 0)
     RETURNING content_id, chunk_bytes, received, length, tail, hash_state, expected`,
    [id, writer, offset, length, sha256],
  );
  const row = rows[0] ?? (await refuseClaim(id, offset));
  const received = Number(row.received);
  const whole = numberOf(row.length);
  const isSealed = row.tail === null && received % row.chunk_bytes > 0;
  const upload: OpenUpload = {
    id,
    writer,
    contentId: row.content_id,
    chunkBytes: row.chunk_bytes,
    resumable: true,
    received,
    tail: row.tail,
    hashState: row.hash_state,
    // After a last chunk that is not full, the file can only be completed.
    sizeMax: isSealed ? received : sizeMaxOf(whole),
  };
  return { upload, length: whole, expected: row.expected };
}

async function refuseClaim(id: string, offset: number): Promise<never> {
  const row = await db.upload.findUnique({ where: { id }, select: { received: true, completed: true } });
  if (!row) throw notFound();
  const received = Number(row.received);
  if (row.completed)
    throw new Refusal("conflict", "This upload is complete.", { headers: { "Upload-Complete": "?1" } });
  if (received === offset)
    throw invalid("upload-length", "The size of the file differs from the one announced before.");
  throw new Refusal("conflict", `The upload continues at byte ${received}, not ${offset}.`, {
    headers: { "Upload-Offset": String(received), "Upload-Complete": "?0" },
    extra: { "expected-offset": received, "provided-offset": offset },
  });
}

const numberOf = (text: string | null) => (text === null ? null : Number(text));
