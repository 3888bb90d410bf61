import { Refusal } from "../errors";
import { type Actor, hasAllPermissions } from "../permissions/actor";
import { type Permission, parsePermission } from "../permissions/catalog";
import { everything, holds } from "../permissions/effective";
import { mayGrant } from "../tokens/policy";
import { type HeldRole, isBuiltIn } from "./roles";
import type { RoleView } from "./schema";

/** Only somebody with all permissions can change a role that has them, or an account that has such a role. */
export const mayChangeRole = (who: Actor, role: HeldRole): boolean =>
  !role.everything || (who.owner.has(everything) && hasAllPermissions(who));

/** People assign permissions that they lack (decision 0203), but a token assigns only what it was given (decision 1801).
 * A person with `users:manage` can assign every permission, so a token without All Permissions makes nobody one. */
export const mayAssign = (who: Actor, permission: string): boolean =>
  permission === "users:manage" ? hasAllPermissions(who) : holds(who.given, permission as Permission);

/** Otherwise an administrator without all permissions could make themselves a superuser. */
export const mayGiveRole = (who: Actor, role: HeldRole): boolean =>
  mayChangeRole(who, role) && role.permissions.every((permission) => mayAssign(who, permission));

/** Administrators can add every general permission, even one that they lack (decision 0203), but permissions on an item
 * only if they have them. The owner of the item can share it with the role. */
export const mayAddToRole = (who: Actor, permission: string): boolean =>
  isGeneral(permission) ? mayAssign(who, permission) : mayGrant(who, permission);

/** Refuses `forbidden` on `permissions`, and names the first one that the actor cannot add to a role. */
export function demandAssignable(who: Actor, permissions: Iterable<string>): void {
  for (const permission of permissions) {
    if (mayAddToRole(who, permission)) continue;
    const missing = permission === "users:manage" ? "All Permissions" : "this permission itself";
    const detail = isGeneral(permission)
      ? `This token can't add ${permission} to a role, because it doesn't have ${missing}.`
      : `You can't add ${permission} to a role, because you don't have this permission yourself. The item's owner can share it with the role.`;
    throw new Refusal("forbidden", detail, { field: "permissions", extra: { permission } });
  }
}

export function canOf(who: Actor, role: HeldRole, people: number): RoleView["can"] {
  const edit = mayChangeRole(who, role);
  return { give: mayGiveRole(who, role), edit, remove: edit && !isBuiltIn(role.name) && people === 0 };
}

function isGeneral(permission: string): boolean {
  const parsed = parsePermission(permission);
  return parsed !== null && parsed.repository === null && parsed.app === null;
}
