import { randomUUID } from "node:crypto";
import { record } from "../audit/record";
import { db, inTransaction, isRemovedMeanwhile, isUniqueViolation, type Tx } from "../db";
import { env } from "../env";
import { invalid, notFound, Refusal } from "../errors";
import { log } from "../log";
import type { Actor } from "../permissions/actor";
import { uploadSecondsMax } from "./clean-up";
import { demandItemName } from "./commands";
import { lockName, shareContent } from "./content";
import { fileTooLarge, type OpenUpload, uploadLost } from "./content-writer";
import { demandCondition, type FileCondition, lockFile, presentFileDiffers } from "./present-file";
import { fileFields, fileViewOf, repositoryFor } from "./queries";
import type { FilePath, FileView } from "./schema";
import { currentStore } from "./stores";
import { withUploadSlot } from "./upload-slots";

/** A file on its way: its bytes, and what the client says about the whole file. */
export interface FileBody {
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  length?: number | null;
  /** Its SHA-256 in hexadecimal. */
  sha256?: string | null;
  /** Returns the actor as of now, because the bytes can take hours to arrive. */
  confirm?(): Promise<Actor>;
  mayReplace?: FileCondition;
}

export interface PutOutcome {
  file: FileView;
  path: FilePath;
  created: boolean;
}

/** How many resumable uploads of a user may be unfinished. */
const unfinishedMax = 100;

export const fileBytesMax = () => env().fileMb * 1_000_000;

export const uploadLimit = () => `max-size=${fileBytesMax()}, max-age=${uploadSecondsMax}`;

/** Does work with a new upload, of which it is the first writer. Refuses `forbidden` without `repository/…:publish`,
 * `invalid`, `precondition-failed` and `too-many` before any byte arrives. */
export async function withNewUpload<T>(
  who: Actor,
  path: FilePath,
  given: FileBody & { resumable: boolean },
  work: (upload: OpenUpload) => Promise<T>,
): Promise<T> {
  const { id: repositoryId } = await repositoryFor(who, path.repository, "publish");
  demandItemName(path.file, "file");
  demandPossibleLength(given);
  const file = { repositoryId, name: path.file };
  await demandReplaceable(file, given);
  return withUploadSlot(who.userId, async () => work(await openUpload(who, file, given)));
}

async function openUpload(
  who: Actor,
  file: { repositoryId: string; name: string },
  { resumable, length = null, sha256: expected = null }: { resumable: boolean } & Pick<FileBody, "length" | "sha256">,
): Promise<OpenUpload> {
  const { chunkBytes } = currentStore();
  const [id, writer, contentId] = [randomUUID(), randomUUID(), randomUUID()];
  const row = { id, ...file, ownerId: who.userId, contentId, resumable, length, expected, writer };
  try {
    await inTransaction(async (tx) => {
      if (resumable) await demandFewUnfinished(tx, who.userId);
      await tx.content.create({ data: { id: contentId, chunkBytes }, select: { id: true } });
      await tx.upload.create({ data: row, select: { id: true } });
    });
  } catch (error) {
    throw isRemovedMeanwhile(error) ? notFound() : error;
  }
  const nothing = { received: 0, tail: null, hashState: null };
  return { id, writer, contentId, chunkBytes, resumable, ...nothing, sizeMax: sizeMaxOf(length) };
}

/** Refuses `too-large` before any byte arrives. */
export function demandPossibleLength({ length }: Pick<FileBody, "length">): void {
  if ((length ?? 0) > fileBytesMax()) throw fileTooLarge(fileBytesMax());
}

async function demandReplaceable(
  file: { repositoryId: string; name: string },
  { mayReplace }: Pick<FileBody, "mayReplace">,
): Promise<void> {
  if (!mayReplace) return;
  const select = { sha256: true };
  const present = await db.repositoryFile.findUnique({ where: { repositoryId_name: file }, select });
  demandCondition(mayReplace, present);
}

/** The lock keeps requests at the same time from exceeding the limit together. */
async function demandFewUnfinished(tx: Tx, ownerId: string): Promise<void> {
  await lockName(tx, `uploads of ${ownerId}`);
  const unfinished = await tx.upload.count({ where: { ownerId, resumable: true, completed: false } });
  if (unfinished < unfinishedMax) return;
  throw new Refusal("too-many", `You have ${unfinished} unfinished uploads. Complete or cancel one of them first.`);
}

export const sizeMaxOf = (length: number | null | undefined) =>
  Math.min(fileBytesMax(), length ?? Number.POSITIVE_INFINITY);

/** Makes an upload whose bytes are all stored the data file. Refuses `forbidden` and `not-found` as of now, `invalid`
 * when the bytes are not those that were announced, `precondition-failed` for a file that it may not replace, and
 * `conflict` when another request has the upload. */
export async function completeUpload(
  who: Actor,
  { repository, file: name }: FilePath,
  upload: OpenUpload,
  whole: { sha256: string; size: number; expected: string | null; length: number | null } & Pick<
    FileBody,
    "mayReplace"
  >,
): Promise<PutOutcome> {
  const { sha256, size, mayReplace } = whole;
  demandAsAnnounced(whole);
  const { id: repositoryId, ownerId } = await repositoryFor(who, repository, "publish");
  const { before, row } = await inTransaction(async (tx) => {
    await lockRepository(tx, repositoryId);
    await closeUpload(tx, upload);
    if (!(await shareContent(tx, sha256)))
      await tx.content.update({ where: { id: upload.contentId }, data: { sha256 }, select: { id: true } });
    const key = { repositoryId_name: { repositoryId, name } };
    const before = await lockFile(tx, repositoryId, name);
    const content = { sha256, size, createdAt: who.now };
    const create = { repositoryId, name, ...content };
    demandCondition(mayReplace, before);
    const row = await (before || !mayReplace
      ? tx.repositoryFile.upsert({ where: key, create, update: content, select: fileFields })
      : tx.repositoryFile.create({ data: create, select: fileFields }));
    await record(tx, who, {
      action: before ? "file.replace" : "file.add",
      subject: { type: "repository", id: repositoryId, name: repository, ownerId },
      before: before ? { file: name, sha256: before.sha256 } : undefined,
      after: { file: name, sha256 },
    });
    return { before, row };
  }).catch((error) => {
    throw isUniqueViolation(error) ? presentFileDiffers() : error;
  });
  return { file: fileViewOf(row), path: { repository, file: name }, created: !before };
}

/** Ends an upload. A failure is logged, and `removeAbandoned` makes up for it; it also removes the bytes. */
export async function discardUpload({ id, writer }: Pick<OpenUpload, "id" | "writer">): Promise<void> {
  try {
    await db.upload.deleteMany({ where: { id, writer, completed: false } });
  } catch (error) {
    log.error({ err: error }, "an upload could not be discarded yet");
  }
}

function demandAsAnnounced({ sha256, size, expected, length }: Parameters<typeof completeUpload>[3]): void {
  if (length !== null && length !== size) throw invalid("upload-length", `The file has ${size} bytes, not ${length}.`);
  if (expected !== null && expected !== sha256)
    throw invalid(
      "repr-digest",
      "The file was changed on the way: its SHA-256 is not the announced one. Send it again.",
    );
}

/** Others that lock both lock the repository first. */
async function lockRepository(tx: Tx, id: string): Promise<void> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT id FROM repositories WHERE id = ${id}::uuid FOR KEY SHARE`;
  if (rows.length === 0) throw notFound();
}

/** A resumable upload is kept for a day, so that a client whose answer was lost learns that it is complete. */
async function closeUpload(tx: Tx, { id, writer, resumable }: OpenUpload): Promise<void> {
  const where = { id, writer, completed: false };
  const nothing = { contentId: null, tail: null, hashState: null };
  const { count } = resumable
    ? await tx.upload.updateMany({ where, data: { completed: true, ...nothing } })
    : await tx.upload.deleteMany({ where });
  if (count === 0) throw uploadLost();
}
