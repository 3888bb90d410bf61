import { record } from "../audit/record";
import { inTransaction, isRemovedMeanwhile, isUniqueViolation, type Tx } from "../db";
import { conflict, invalid, notFound, unauthenticated } from "../errors";
import { type Actor, demand, withOwnership } from "../permissions/actor";
import { lockAppsOn } from "./lock-apps";
import { demandCondition, type FileCondition, lockFile } from "./present-file";
import { repositoryFields, repositoryFor, repositoryViewOf } from "./queries";
import { type FilePath, itemName, type NewRepository, type RepositoryView } from "./schema";

/** The actor owns it. Refuses `forbidden` without `repositories:create`; `conflict` on `name` when it is taken. */
export async function createRepository(who: Actor, input: NewRepository): Promise<RepositoryView> {
  demand(who, "repositories:create");
  return inTransaction(async (tx) => {
    const data = { ...input, ownerId: who.userId, createdAt: who.now };
    const { id, ...row } = await tx.repository.create({ data, select: { id: true, ...repositoryFields } });
    const subject = { type: "repository", id, name: row.name, ownerId: who.userId };
    await record(tx, who, { action: "repository.create", subject });
    return repositoryViewOf(withOwnership(who, `repository/${row.name}`), row);
  }).catch((error) => {
    // Only the account of the actor can be gone.
    if (isRemovedMeanwhile(error)) throw unauthenticated("invalid");
    throw isUniqueViolation(error) ? conflict("A repository with this name already exists.", "name") : error;
  });
}

/** Removes a repository with its workspaces and data files, and keeps its jobs. Needs `repository/…:remove`. With
 * `onlyEmpty`, refuses `conflict` when it has any of them. */
export async function removeRepository(
  who: Actor,
  repository: string,
  { onlyEmpty = false }: { onlyEmpty?: boolean } = {},
): Promise<void> {
  const { id, ownerId } = await repositoryFor(who, repository, "remove");
  await inTransaction(async (tx) => {
    if (onlyEmpty) await demandEmpty(tx, id);
    else await lockAppsOn(tx, { repositoryId: id });
    const { count } = await tx.repository.deleteMany({ where: { id } });
    if (count === 0) throw notFound();
    const subject = { type: "repository", id, name: repository, ownerId };
    await record(tx, who, { action: "repository.remove", subject });
  });
}

/** Locks the repository first: a workspace or file that is added meanwhile then waits, and finds the repository gone. */
async function demandEmpty(tx: Tx, id: string): Promise<void> {
  await tx.$queryRaw`SELECT id FROM repositories WHERE id = ${id}::uuid FOR UPDATE`;
  const workspaces = await tx.workspace.count({ where: { repositoryId: id } });
  const files = await tx.repositoryFile.count({ where: { repositoryId: id } });
  if (workspaces + files === 0) return;
  throw conflict("This repository has workspaces or data files. Remove them first.");
}

/** Removes a data file; `removeAbandoned` removes its bytes. Needs `repository/…:remove`. Refuses `precondition-failed`. */
export async function removeFile(
  who: Actor,
  { repository, file: name }: FilePath,
  condition?: FileCondition,
): Promise<void> {
  const { id: repositoryId, ownerId } = await repositoryFor(who, repository, "remove");
  await inTransaction(async (tx) => {
    const before = await lockFile(tx, repositoryId, name);
    if (!before) throw notFound();
    demandCondition(condition, before);
    await tx.repositoryFile.deleteMany({ where: { repositoryId, name } });
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
