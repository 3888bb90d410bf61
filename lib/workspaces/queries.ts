import { createHash } from "node:crypto";
import { z } from "zod";
import { db } from "../db";
import { forbidden, notFound } from "../errors";
import type { Prisma } from "../generated/prisma/client";
import { decodeCursor, encodeCursor, type Page, pageOf } from "../paging";
import type { Actor } from "../permissions/actor";
import { containsText } from "../search";
import { type BodyRule, bodyRuleIn, headerPartMax } from "./body-rule";
import { defaultOutput, type Output } from "./file";
import { canOf, mayOnWorkspace, maySeeWorkspace, permissionFor, readableBy, type WorkspaceAction } from "./policy";
import {
  type PublishedParameter,
  publishedParameter,
  type WorkspaceFilter,
  type WorkspacePath,
  type WorkspaceView,
} from "./schema";

interface ListRequest extends WorkspaceFilter {
  limit: number;
  cursor?: string | undefined;
}

/** The workspaces that the actor may read, by repository and name. */
export async function listWorkspaces(who: Actor, list: ListRequest): Promise<Page<WorkspaceView>> {
  const rows = await db.workspace.findMany({
    where: { AND: [readableBy(who), whereMatching(list), afterPath(list.cursor)] },
    orderBy: [{ repository: { sortName: "asc" } }, { sortName: "asc" }],
    take: list.limit + 1,
    select: workspaceFields,
  });
  const cursorOf = ({ repository, name }: WorkspaceRow) => encodeCursor([repository.name, name]);
  return pageOf(rows, list.limit, cursorOf, (row) => workspaceViewOf(who, row));
}

/** Refuses `not-found` when the actor holds no permission on it, `forbidden` without `workspace/…:read`. */
export async function getWorkspace(who: Actor, path: WorkspacePath): Promise<WorkspaceView> {
  const { id } = await workspaceFor(who, path, "read");
  const row = await db.workspace.findUnique({ where: { id }, select: workspaceFields });
  if (!row) throw notFound();
  return workspaceViewOf(who, row);
}

/** The whole text of a workspace. Needs `repository/…:download`. */
export async function readSource(who: Actor, path: WorkspacePath): Promise<string> {
  const { id } = await workspaceFor(who, path, "download");
  const row = await db.workspace.findUnique({ where: { id }, select: { source: true } });
  if (!row) throw notFound();
  return row.source;
}

/** Names a text, in hexadecimal. */
export const sha256Of = (source: string): string => createHash("sha256").update(source).digest("hex");

/** What a run of a workspace does with a body that is no run request; null when it refuses it. Needs `workspace/…:run`. */
export async function readBodyRule(who: Actor, path: WorkspacePath): Promise<BodyRule | null> {
  const { id } = await workspaceFor(who, path, "run");
  const [row] = await db.$queryRaw<{ head: string }[]>`
    SELECT left(source, ${headerPartMax}::int) AS head FROM workspaces WHERE id = ${id}::uuid`;
  return row ? bodyRuleIn(row.head) : null;
}

/** Reads a workspace on which the actor may do this. Refuses `not-found` when it does not exist or the actor holds no
 * permission on it, and `forbidden` with the missing permission. */
export async function workspaceFor(
  who: Actor,
  path: WorkspacePath,
  action: WorkspaceAction,
): Promise<AccessibleWorkspace> {
  const row = await db.workspace.findFirst({
    where: { name: path.name, repository: { name: path.repository } },
    select: { id: true, repositoryId: true, ownerId: true, output: true, parameters: true },
  });
  if (!row || !maySeeWorkspace(who, path)) throw notFound();
  if (!mayOnWorkspace(who, path, action)) throw forbidden(permissionFor(path, action));
  return { ...row, output: row.output as Output, parameters: parseStoredParameters(row.parameters) };
}

interface AccessibleWorkspace {
  id: string;
  repositoryId: string;
  ownerId: string;
  output: Output;
  parameters: PublishedParameter[];
}

export const workspaceFields = {
  name: true,
  title: true,
  description: true,
  output: true,
  parameters: true,
  createdAt: true,
  updatedAt: true,
  owner: { select: { userName: true } },
  repository: { select: { name: true } },
} satisfies Prisma.WorkspaceSelect;

type WorkspaceRow = Prisma.WorkspaceGetPayload<{ select: typeof workspaceFields }>;

export function workspaceViewOf(who: Actor, row: WorkspaceRow): WorkspaceView {
  const parameters = parseStoredParameters(row.parameters);
  return {
    repository: row.repository.name,
    name: row.name,
    title: row.title,
    description: row.description,
    output: defaultOutput({ output: row.output as Output, parameters }),
    parameters,
    owner: row.owner.userName,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    can: canOf(who, { repository: row.repository.name, name: row.name }),
  };
}

export const parseStoredParameters = (stored: Prisma.JsonValue) => z.array(publishedParameter).parse(stored);

function whereMatching({ repository, q }: WorkspaceFilter): Prisma.WorkspaceWhereInput {
  return {
    ...(repository === undefined ? {} : { repository: { name: repository } }),
    ...(q ? { OR: [{ name: containsText(q) }, { title: containsText(q) }, { description: containsText(q) }] } : {}),
  };
}

function afterPath(cursor: string | undefined): Prisma.WorkspaceWhereInput {
  if (cursor === undefined) return {};
  const [repository, name] = decodeCursor(cursor, z.tuple([z.string(), z.string()]));
  return {
    OR: [
      { repository: { sortName: { gt: repository } } },
      { repository: { name: repository }, sortName: { gt: name } },
    ],
  };
}
