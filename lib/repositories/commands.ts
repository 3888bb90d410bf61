import { record } from "../audit/record";
import { inTransaction, isRemovedMeanwhile, isUniqueViolation } from "../db";
import { conflict, invalid, notFound, unauthenticated } from "../errors";
import { type Actor, demand } from "../permissions/actor";
import { deleteUnused, storeContent } from "./content";
import { lockAppsOn } from "./lock-apps";
import { fileFields, fileViewOf, repositoryFields, repositoryFor, repositoryViewOf } from "./queries";
import { type FilePath, type FileView, itemName, type NewRepository, type RepositoryView } from "./schema";

/** The actor owns it. Refuses `forbidden` without `repositories:create`; `conflict` on `name` when it is taken. */
export async function createRepository(who: Actor, input: NewRepository): Promise<RepositoryView> {
  demand(who, "repositories:create");
  return inTransaction(async (tx) => {
    const data = { ...input, ownerId: who.userId, createdAt: who.now };
    const { id, ...row } = await tx.repository.create({ data, select: { id: true, ...repositoryFields } });
    const subject = { type: "repository", id, name: row.name, ownerId: who.userId };
    await record(tx, who, { action: "repository.create", subject });
    return repositoryViewOf(who, row);
  }).catch((error) => {
    // Only the account of the actor can be gone.
    if (isRemovedMeanwhile(error)) throw unauthenticated("invalid");
    throw isUniqueViolation(error) ? conflict("A repository with this name already exists.", "name") : error;
  });
}

/** Removes a repository with its workspaces and data files, and keeps its jobs. Needs `repository/…:remove`. */
export async function removeRepository(who: Actor, repository: string): Promise<void> {
  const { id, ownerId } = await repositoryFor(who, repository, "remove");
  await inTransaction(async (tx) => {
    const files = await tx.repositoryFile.findMany({ where: { repositoryId: id }, select: { sha256: true } });
    await lockAppsOn(tx, { repositoryId: id });
    const { count } = await tx.repository.deleteMany({ where: { id } });
    if (count === 0) throw notFound();
    await deleteUnused(
      tx,
      files.map(({ sha256 }) => sha256),
    );
    const subject = { type: "repository", id, name: repository, ownerId };
    await record(tx, who, { action: "repository.remove", subject });
  });
}

/** Adds or replaces a data file (at most 20 MB at the endpoint). Refuses `forbidden` without `repository/…:publish`;
 * `not-found`, also when the repository is removed at the same time. */
export async function putFile(
  who: Actor,
  { repository, file: name }: FilePath,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<{ file: FileView; created: boolean }> {
  const { id: repositoryId, ownerId } = await repositoryFor(who, repository, "publish");
  demandItemName(name, "file");
  return inTransaction(async (tx) => {
    const sha256 = await storeContent(tx, bytes);
    const key = { repositoryId_name: { repositoryId, name } };
    const before = await tx.repositoryFile.findUnique({ where: key, select: { sha256: true } });
    const content = { sha256, size: bytes.length, createdAt: who.now };
    const row = await tx.repositoryFile.upsert({
      where: key,
      create: { repositoryId, name, ...content },
      update: content,
      select: fileFields,
    });
    if (before) await deleteUnused(tx, [before.sha256]);
    await record(tx, who, {
      action: before ? "file.replace" : "file.add",
      subject: { type: "repository", id: repositoryId, name: repository, ownerId },
      before: before ? { file: name, sha256: before.sha256 } : undefined,
      after: { file: name, sha256 },
    });
    return { file: fileViewOf(row), created: !before };
  }).catch((error) => {
    throw isRemovedMeanwhile(error) ? notFound() : error;
  });
}

/** Removes a data file. Needs `repository/…:remove`. */
export async function removeFile(who: Actor, { repository, file: name }: FilePath): Promise<void> {
  const { id: repositoryId, ownerId } = await repositoryFor(who, repository, "remove");
  await inTransaction(async (tx) => {
    const key = { repositoryId_name: { repositoryId, name } };
    const before = await tx.repositoryFile.findUnique({ where: key, select: { sha256: true } });
    const { count } = await tx.repositoryFile.deleteMany({ where: { repositoryId, name } });
    if (!before || count === 0) throw notFound();
    await deleteUnused(tx, [before.sha256]);
    await record(tx, who, {
      action: "file.remove",
      subject: { type: "repository", id: repositoryId, name: repository, ownerId },
      before: { file: name, sha256: before.sha256 },
    });
  });
}

/** Refuses `invalid` on `field`. */
export function demandItemName(name: string, field: string): void {
  const parsed = itemName.safeParse(name);
  if (!parsed.success) throw invalid(field, `The name ${parsed.error.issues[0]?.message}.`);
}
