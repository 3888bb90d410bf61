import { db } from "../db";
import { notFound } from "../errors";
import type { Prisma } from "../generated/prisma/client";
import { type Page, pageOf } from "../paging";
import { type Actor, demand } from "../permissions/actor";
import { runPermission } from "../permissions/catalog";
import { containsText } from "../search";
import { mayGrant } from "../tokens/policy";
import { givenPermissions } from "../tokens/view";
import { workspaceFor } from "../workspaces/queries";
import type { WorkspacePath } from "../workspaces/schema";
import { cursorOf, orderOf, positionAfter } from "./order";
import { isTokenOwner, mayManage, visibleTo } from "./policy";
import type { AppDraft, AppFilter, AppView } from "./schema";
import { type AppRow, appFields, parseStoredSettings, pathOf, viewOf, viewsOf } from "./view";

/** The apps that the actor may manage. Refuses `forbidden` without `apps:access`, and `invalid` on a `cursor` of
 * another list. */
export async function listApps(who: Actor, { q, sort, limit, cursor }: AppFilter): Promise<Page<AppView>> {
  demand(who, "apps:access");
  const rows = await db.app.findMany({
    where: {
      AND: [visibleTo(who), q ? whereMatching(q) : {}, cursor === undefined ? {} : positionAfter(sort, cursor)],
    },
    select: appFields,
    orderBy: orderOf(sort),
    take: limit + 1,
  });
  const page = pageOf(
    rows,
    limit,
    (row) => cursorOf(sort, row),
    (row) => row,
  );
  return { ...page, items: await viewsOf(db, who, page.items) };
}

/** Refuses `not-found` for an app that the actor may not manage. */
export async function getApp(who: Actor, slug: string): Promise<AppView> {
  return viewOf(db, who, await findApp(who, slug));
}

/** The wizard's initial values for a copy of an app, with the permissions that the actor can grant and without the
 * slug. Refuses `not-found`, and `forbidden` without `apps:create`. */
export async function getAppDraft(who: Actor, slug: string): Promise<AppDraft> {
  const row = await findApp(who, slug);
  demand(who, "apps:create");
  const { token, workspace } = row;
  const given = token && isTokenOwner(who, row) ? ((await givenPermissions(db, [token.id])).get(token.id) ?? []) : [];
  const run = workspace && runPermission(pathOf(workspace));
  return {
    name: row.name,
    description: row.description,
    repository: row.repositoryName,
    workspace: row.workspaceName,
    parameters: parseStoredSettings(row.parameters),
    frameOrigins: row.frameOrigins,
    permissions: given.filter((permission) => permission !== run && mayGrant(who, permission)),
  };
}

/** The apps that stop when a workspace is removed: the names of those that the actor may manage, and how many others there
 * are. Needs the permission to remove it, and refuses like `workspaceFor`. */
export async function appsOnWorkspace(who: Actor, path: WorkspacePath): Promise<{ names: string[]; others: number }> {
  const { id: workspaceId } = await workspaceFor(who, path, "remove");
  const apps = await db.app.findMany({
    where: { workspaceId },
    orderBy: { sortName: "asc" },
    select: { name: true, slug: true },
  });
  const own = apps.filter(({ slug }) => mayManage(who, slug));
  return { names: own.map(({ name }) => name), others: apps.length - own.length };
}

async function findApp(who: Actor, slug: string): Promise<AppRow> {
  const row = await db.app.findFirst({ where: { AND: [visibleTo(who), { slug }] }, select: appFields });
  if (!row) throw notFound();
  return row;
}

const whereMatching = (q: string): Prisma.AppWhereInput => ({
  OR: [
    { name: containsText(q) },
    { slug: containsText(q) },
    { description: containsText(q) },
    { repositoryName: containsText(q) },
    { workspaceName: containsText(q) },
  ],
});
