import { Refusal } from "../errors";
import { type Actor, hasAllPermissions } from "../permissions/actor";
import { parsePermission } from "../permissions/catalog";
import { everything } from "../permissions/effective";
import { mayGrant } from "../tokens/policy";
import { type HeldRole, isBuiltIn } from "./roles";
import type { RoleView } from "./schema";

/** Otherwise an administrator without all permissions could make themselves a superuser. */
export const mayGiveRole = (who: Actor, role: HeldRole): boolean =>
  !role.everything || (who.owner.has(everything) && hasAllPermissions(who));

/** Administrators can add every general permission, even one that they lack (decision 0203), but permissions on an item
 * only if they have them. The owner of the item can share it with the role. */
export const mayAddToRole = (who: Actor, permission: string): boolean =>
  isGeneral(permission) || mayGrant(who, permission);

/** Refuses `forbidden` on `permissions`, and names the first one that the actor cannot add to a role. */
export function demandAssignable(who: Actor, permissions: Iterable<string>): void {
  for (const permission of permissions) {
    if (mayAddToRole(who, permission)) continue;
    const detail = `You can't add ${permission} to a role, because you don't have this permission yourself. The item's owner can share it with the role.`;
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
