import { Refusal } from "../errors";
import { type Actor, hasAllPermissions } from "../permissions/actor";
import { parsePermission } from "../permissions/catalog";
import { everything } from "../permissions/effective";
import { mayGrant } from "../tokens/policy";
import { type HeldRole, isBuiltIn } from "./roles";
import type { RoleView } from "./schema";

/**
 * Whoever manages accounts gives any role but one that holds everything: that takes somebody who does. Else an
 * administrator could make a superuser, and be one.
 */
export const mayGiveRole = (who: Actor, role: HeldRole): boolean =>
  !role.everything || (who.owner.has(everything) && hasAllPermissions(who));

/**
 * What administrators put into a role: every general permission, those they lack included (decision 0203), but on an item only
 * what they may do there themselves. Whose it is decides about the rest, by sharing it with the role.
 */
export const mayAddToRole = (who: Actor, permission: string): boolean =>
  isGeneral(permission) || mayGrant(who, permission);

/** @throws Refusal `forbidden` on `permissions` that names the first one that is not the actor's to put there. */
export function demandAssignable(who: Actor, permissions: Iterable<string>): void {
  for (const permission of permissions) {
    if (mayAddToRole(who, permission)) continue;
    const detail = `You cannot put ${permission} into a role: you do not hold it. The item's owner can share it with the role.`;
    throw new Refusal("forbidden", detail, { field: "permissions", extra: { permission } });
  }
}

export function canOf(who: Actor, role: HeldRole, people: number): RoleView["can"] {
  const give = mayGiveRole(who, role);
  return { give, edit: give, remove: give && !isBuiltIn(role.name) && people === 0 };
}

function isGeneral(permission: string): boolean {
  const parsed = parsePermission(permission);
  return parsed !== null && parsed.repository === null && parsed.app === null;
}
