import { tmpdir } from "node:os";
import { record } from "../audit/record";
import { db, inTransaction, isRemovedMeanwhile, isUniqueViolation, type Tx } from "../db";
import { checkSource } from "../engine/run";
import { conflict, forbidden, invalid, notFound, Refusal } from "../errors";
import { type Actor, withOwnership, withRenamed } from "../permissions/actor";
import { demandItemName } from "../repositories/commands";
import { lockAppsOn } from "../repositories/lock-apps";
import { maySeeRepository } from "../repositories/policy";
import { repositoryFor } from "../repositories/queries";
import { createWaitingLine } from "../waiting-line";
import { describeWorkspace, splitSource, type WorkspaceFile } from "./file";
import { withLines } from "./lines";
import { mayOnWorkspace, maySeeWorkspace, permissionFor } from "./policy";
import { sha256Of, workspaceFields, workspaceFor, workspaceViewOf } from "./queries";
import type { WorkspaceChange, WorkspacePath, WorkspaceView } from "./schema";

/** Gets the SHA-256 of the published text in hexadecimal, or null where there is none. */
export type Precondition = (sha256: string | null) => boolean;

/** Publishes a workspace, or replaces the text of an existing one. Needs `repository/…:publish`, or owning it. The
 * endpoint limits the source to 1 MB. Refuses `not-found`, `forbidden`, `invalid` on the place in the file with its
 * `line`, and `precondition-failed`. */
export async function publishWorkspace(
  who: Actor,
  path: WorkspacePath,
  source: string,
  precondition: Precondition = () => true,
): Promise<{ workspace: WorkspaceView; sha256: string; created: boolean }> {
  const { repositoryId, isPublished } = await findPublishable(who, path);
  demandItemName(path.name, "name");
  const header = await checkFile(source);
  return inTransaction(async (tx) => {
    const key = { repositoryId_name: { repositoryId, name: path.name } };
    const before = await lockText(tx, repositoryId, path.name);
    // The right to replace it may have come from owning it, which is no right to publish a new one.
    if (isPublished && !before) throw notFound();
    if (!precondition(before?.sha256 ?? null)) throw preconditionFailed(before !== null);
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
    return { workspace: workspaceViewOf(viewer, row), sha256: sha256Of(source), created: !before };
  }).catch((error) => {
    if (isRemovedMeanwhile(error)) throw notFound();
    if (!isUniqueViolation(error)) throw error;
    // Another request published it meanwhile, with a text that is not known here.
    throw precondition("")
      ? conflict("This workspace was just published by someone else. Try again.", "name")
      : preconditionFailed(true);
  });
}

/** Renames a workspace, or moves it to another repository. Needs `repository/…:remove` where it is and `:publish` where it
 * will be, or owning it. Its apps, tokens and jobs follow; sharing with users and roles ends with a move, since who may
 * publish in a repository may not share it. Refuses `not-found`, `forbidden`, and `conflict` on `name`. */
export async function moveWorkspace(who: Actor, path: WorkspacePath, change: WorkspaceChange): Promise<WorkspaceView> {
  const { id, ownerId, ...present } = await workspaceFor(who, path, "remove");
  const target = { repository: change.repository ?? path.repository, name: change.name ?? path.name };
  const repositoryId = await targetRepository(who, path, target);
  const [before, after] = [`${path.repository}/${path.name}`, `${target.repository}/${target.name}`];
  return inTransaction(async (tx) => {
    await lockAppsOn(tx, { workspaceId: id });
    const from = { id, name: path.name, repositoryId: present.repositoryId };
    const { count } = await tx.workspace.updateMany({ where: from, data: { repositoryId, name: target.name } });
    if (count === 0) throw notFound();
    if (target.repository !== path.repository) await tx.grant.deleteMany({ where: { workspaceId: id, tokenId: null } });
    const names = { repositoryName: target.repository, workspaceName: target.name };
    await tx.app.updateMany({ where: { workspaceId: id }, data: names });
    await tx.job.updateMany({ where: { workspaceId: id }, data: { ...names, repositoryId } });
    const subject = { type: "workspace", id, name: after, ownerId };
    const entry = { action: "workspace.move", subject, before: { workspace: before }, after: { workspace: after } };
    if (before !== after) await record(tx, who, entry);
    const row = await tx.workspace.findUniqueOrThrow({ where: { id }, select: workspaceFields });
    return workspaceViewOf(withRenamed(who, `workspace/${before}`, `workspace/${after}`), row);
  }).catch((error) => {
    if (isRemovedMeanwhile(error)) throw notFound();
    if (isUniqueViolation(error)) throw conflict(`There is already a workspace ${after}. Choose another name.`, "name");
    throw error;
  });
}

/** In its own repository, the permission on the workspace is enough. */
async function targetRepository(who: Actor, path: WorkspacePath, target: WorkspacePath): Promise<string> {
  if (target.repository === path.repository) {
    return (await workspaceFor(who, path, "publish")).repositoryId;
  }
  return (await repositoryFor(who, target.repository, "publish")).id;
}

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

/** Until the transaction ends, no other request replaces the text. */
async function lockText(tx: Tx, repositoryId: string, name: string): Promise<{ sha256: string } | null> {
  const [row] = await tx.$queryRaw<{ sha256: string }[]>`
    SELECT encode(sha256(convert_to(source, 'UTF8')), 'hex') AS sha256 FROM workspaces
    WHERE repository_id = ${repositoryId}::uuid AND name = ${name} FOR NO KEY UPDATE`;
  return row ?? null;
}

const preconditionFailed = (isPublished: boolean) =>
  new Refusal(
    "precondition-failed",
    isPublished
      ? "This workspace has another text than the request expects. Read it, and replace it with its present ETag in If-Match."
      : "There is no such workspace to replace. Publish it without If-Match.",
  );

async function findPublishable(
  who: Actor,
  path: WorkspacePath,
): Promise<{ repositoryId: string; isPublished: boolean }> {
  const workspaces = { where: { name: path.name }, select: { id: true } };
  const repository = await db.repository.findUnique({
    where: { name: path.repository },
    select: { id: true, workspaces },
  });
  if (!repository || !(maySeeRepository(who, path.repository) || maySeeWorkspace(who, path))) throw notFound();
  if (!mayOnWorkspace(who, path, "publish")) throw forbidden(permissionFor(path, "publish"));
  return { repositoryId: repository.id, isPublished: repository.workspaces.length > 0 };
}

/** Each check takes a process of the engine, so two run at a time and 50 wait. */
const publishQueue = createWaitingLine(2, 50);

/** Parses the file in another process, and checks the query with DuckDB's parser. Whether its tables and columns exist is
 * only known when it runs. Refuses `invalid` on the place in the file. */
async function checkFile(source: string): Promise<WorkspaceFile> {
  const parts = splitSource(source);
  const checked = await publishQueue(() => checkSource(parts, tmpdir()));
  const queryLine = parts.sql.split(/\S/, 1).join("").split("\n").length;
  if ("refused" in checked) {
    const { place, refused, line = place === "query" ? queryLine : 1 } = checked;
    throw invalid(place, refused, { line });
  }
  const header = withLines(checked.header, checked.lines, () => describeWorkspace(checked.header, source));
  const { query } = checked;
  if ("refused" in query) throw invalid("query", query.refused, { line: query.line ?? queryLine });
  const published = new Set(header.parameters.map(({ name }) => name.toUpperCase()));
  const unknown = query.parameters.find(({ name }) => !published.has(name.toUpperCase()));
  if (unknown) {
    const detail = `The query uses $${unknown.name}, which is not a parameter in the header.`;
    throw invalid("query", detail, { line: unknown.line ?? queryLine });
  }
  return header;
}
