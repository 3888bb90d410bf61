import { tmpdir } from "node:os";
import { record } from "../audit/record";
import { db, inTransaction, isRemovedMeanwhile, isUniqueViolation } from "../db";
import { checkSource } from "../engine/run";
import { conflict, forbidden, invalid, notFound, Refusal } from "../errors";
import { type Actor, withOwnership } from "../permissions/actor";
import { demandItemName } from "../repositories/commands";
import { lockAppsOn } from "../repositories/lock-apps";
import { maySeeRepository } from "../repositories/policy";
import { createWaitingLine } from "../waiting-line";
import { describeWorkspace, splitSource, type WorkspaceFile } from "./file";
import { mayOnWorkspace, maySeeWorkspace, permissionFor } from "./policy";
import { workspaceFields, workspaceFor, workspaceViewOf } from "./queries";
import type { WorkspacePath, WorkspaceView } from "./schema";

/** Publishes a workspace, or replaces the text of an existing one. Needs `repository/…:publish`, or owning it. The
 * endpoint limits the source to 1 MB. Refuses `not-found`, `forbidden`, `invalid` on the place in the file, and
 * `precondition-failed` when `mayPublish` says so of a present or missing workspace. */
export async function publishWorkspace(
  who: Actor,
  path: WorkspacePath,
  source: string,
  mayPublish: (isPresent: boolean) => boolean = () => true,
): Promise<{ workspace: WorkspaceView; created: boolean }> {
  const repositoryId = await findPublishableRepository(who, path);
  demandItemName(path.name, "name");
  const header = await checkFile(source);
  return inTransaction(async (tx) => {
    const key = { repositoryId_name: { repositoryId, name: path.name } };
    const before = await tx.workspace.findUnique({ where: key, select: { id: true } });
    if (!mayPublish(before !== null)) throw conditionNotMet();
    const text = { ...header, source, updatedAt: who.now };
    const { id, ownerId, ...row } = before
      ? await tx.workspace.update({ where: key, data: text, select: publishedFields })
      : await tx.workspace.create({
          data: { ...text, repositoryId, name: path.name, ownerId: who.userId, createdAt: who.now },
          select: publishedFields,
        });
    await record(tx, who, {
      action: before ? "workspace.replace" : "workspace.publish",
      subject: { type: "workspace", id, name: `${path.repository}/${path.name}`, ownerId },
    });
    const viewer = before ? who : withOwnership(who, `workspace/${path.repository}/${path.name}`);
    return { workspace: workspaceViewOf(viewer, row), created: !before };
  }).catch((error) => {
    if (isRemovedMeanwhile(error)) throw notFound();
    if (isUniqueViolation(error) && !mayPublish(true)) throw conditionNotMet();
    throw isUniqueViolation(error)
      ? conflict("This workspace was just published by someone else. Try again.", "name")
      : error;
  });
}

const conditionNotMet = () =>
  new Refusal("precondition-failed", "The workspace is not as If-Match or If-None-Match demands. Look at it again.");

/** Removes a workspace and keeps its jobs. Needs `repository/…:remove`, or owning it. Refuses like `workspaceFor`. */
export async function removeWorkspace(who: Actor, path: WorkspacePath): Promise<void> {
  const { id, ownerId } = await workspaceFor(who, path, "remove");
  await inTransaction(async (tx) => {
    await lockAppsOn(tx, { workspaceId: id });
    const { count } = await tx.workspace.deleteMany({ where: { id } });
    if (count === 0) throw notFound();
    const subject = { type: "workspace", id, name: `${path.repository}/${path.name}`, ownerId };
    await record(tx, who, { action: "workspace.remove", subject });
  });
}

const publishedFields = { ...workspaceFields, id: true, ownerId: true };

async function findPublishableRepository(who: Actor, path: WorkspacePath): Promise<string> {
  const repository = await db.repository.findUnique({ where: { name: path.repository }, select: { id: true } });
  if (!repository || !(maySeeRepository(who, path.repository) || maySeeWorkspace(who, path))) throw notFound();
  if (!mayOnWorkspace(who, path, "publish")) throw forbidden(permissionFor(path, "publish"));
  return repository.id;
}

/** Each check takes a process of the engine, so two run at a time and 50 wait. */
const publishQueue = createWaitingLine(2, 50);

/** Parses the file in another process, and checks the query with DuckDB's parser. Whether its tables and columns exist is
 * only known when it runs. Refuses `invalid` on the place in the file. */
async function checkFile(source: string): Promise<WorkspaceFile> {
  const parts = splitSource(source);
  const checked = await publishQueue(() => checkSource(parts, tmpdir()));
  if ("refused" in checked) throw invalid(checked.place, checked.refused);
  const header = describeWorkspace(checked.header, source);
  const { query } = checked;
  if ("refused" in query) throw invalid("query", query.refused);
  const published = new Set(header.parameters.map(({ name }) => name.toUpperCase()));
  const unknown = query.parameters.find((name) => !published.has(name.toUpperCase()));
  if (unknown) throw invalid("query", `The query uses $${unknown}, which is not a parameter in the header.`);
  return header;
}
