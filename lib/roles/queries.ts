import { db, type Tx } from "../db";
import { notFound } from "../errors";
import type { Page } from "../paging";
import { type Actor, demand } from "../permissions/actor";
import { catalog, type ResourceType } from "../permissions/catalog";
import { grantableItems } from "../tokens/grantable";
import type { GrantableItems } from "../tokens/schema";
import { canOf } from "./policy";
import { isBuiltIn, type Role, rolesWithPermissions } from "./roles";
import type { RoleView } from "./schema";

/** All roles, in order of title. Refuses `forbidden` without `users:manage`. */
export async function listRoles(who: Actor): Promise<Page<RoleView>> {
  demand(who, "users:manage");
  return { items: await viewsOf(db, who), nextCursor: null };
}

/** Refuses `forbidden` without `users:manage`, and `not-found`. */
export async function getRole(who: Actor, name: string): Promise<RoleView> {
  demand(who, "users:manage");
  return roleViewOf(db, who, name);
}

/** The role as it is in the transaction. Refuses `not-found`. */
export async function roleViewOf(tx: Tx, who: Actor, name: string): Promise<RoleView> {
  const found = (await viewsOf(tx, who)).find((role) => role.name === name);
  if (!found) throw notFound();
  return found;
}

/** What the actor can add to a role, as the permission grid shows it. */
export async function assignableItems(who: Actor): Promise<GrantableItems> {
  const general = entries.flatMap(({ resource, general }) => general.map(({ action }) => `${resource}:${action}`));
  return { ...(await grantableItems(who)), allPermissions: false, general };
}

const entries: readonly ResourceType[] = catalog;

async function viewsOf(tx: Tx, who: Actor): Promise<RoleView[]> {
  const roles = await rolesWithPermissions(tx);
  const members = await tx.userRole.groupBy({ by: ["roleName"], _count: { userId: true } });
  const peopleOf = ({ name }: Role) => members.find(({ roleName }) => roleName === name)?._count.userId ?? 0;
  return roles.map((role) => {
    const people = peopleOf(role);
    return { ...role, builtIn: isBuiltIn(role.name), people, can: canOf(who, role, people) };
  });
}
