import { db, type Tx } from "../db";
import type { Page } from "../paging";
import type { Actor } from "../permissions/actor";
import { catalog } from "../permissions/catalog";
import { compareNames } from "../text";
import { grantableItems } from "../tokens/grantable";
import type { GrantableItems } from "../tokens/schema";
import type { WorkspacePath } from "../workspaces/schema";
import { itemToShare, type OwnedItem, type Shareable } from "./items";
import type { GrantView } from "./schema";

/** Roles come first. Refuses `not-found`; `forbidden` unless the actor owns the item. */
export async function listGrants(who: Actor, item: Shareable): Promise<Page<GrantView>> {
  return { items: await grantsOn(db, await itemToShare(who, item)), nextCursor: null };
}

/** The permissions of tokens are left out, since only their owners see them. */
export async function grantsOn(tx: Tx, { grants }: OwnedItem): Promise<GrantView[]> {
  const rows = await tx.grant.findMany({
    where: { ...grants, tokenId: null },
    select: {
      id: true,
      user: { select: { userName: true, fullName: true } },
      role: { select: { name: true, title: true } },
    },
  });
  const permissions = await tx.grantedPermission.findMany({
    where: { grantId: { in: rows.map(({ id }) => id) } },
    select: { grantId: true, permission: true },
    orderBy: { permission: "asc" },
  });
  const views = new Map<string, GrantView>();
  for (const { grantId, permission } of permissions) {
    const row = rows.find(({ id }) => id === grantId);
    const grantee = row?.role
      ? { kind: "roles" as const, name: row.role.name, title: row.role.title }
      : { kind: "users" as const, name: row?.user?.userName ?? "", title: row?.user?.fullName ?? "" };
    const key = `${grantee.kind}/${grantee.name}`;
    const view = views.get(key) ?? { ...grantee, permissions: [] };
    view.permissions.push(permission);
    views.set(key, view);
  }
  return [...views]
    .sort(([a], [b]) => compareNames(a, b))
    .map(([, view]) => ({ ...view, permissions: view.permissions.sort() }));
}

/** Roles with all permissions are left out. */
export async function rolesToShareWith(): Promise<{ name: string; title: string }[]> {
  return db.role.findMany({
    where: { everything: false },
    select: { name: true, title: true },
    orderBy: [{ sortName: "asc" }, { name: "asc" }],
  });
}

/** What the owner of a repository can grant on it, as the permission grid shows it. */
export async function shareableOn(who: Actor, repository: string): Promise<GrantableItems> {
  const { repositories } = await grantableItems(who);
  const shared = repositories.filter(({ name }) => name === repository);
  return { allPermissions: false, general: [], repositories: shared, apps: [] };
}

export function shareableOnWorkspace({ repository, name }: WorkspacePath): string[] {
  return workspaceActions.map(({ action }) => `workspace/${repository}/${name}:${action}`);
}

const workspaceActions = catalog.flatMap(({ item }) => (item?.resource === "workspace" ? [...item.actions] : []));
