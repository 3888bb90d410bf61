import { coveringPermissions, type Permission } from "./catalog";

/**
 * What a hand holds: permissions in words, `repository/S:*` for an item that is owned, and `*` for the symbol of
 * everything, present and future.
 */
export type PermissionSet = ReadonlySet<string>;

/** The symbol: every permission there is or will be. */
export const everything = "*";

/** Does this hand hold it, by itself or by something that covers it? */
export function holds(set: PermissionSet, permission: Permission): boolean {
  if (set.has(everything) || set.has(permission)) return true;
  return coveringPermissions(permission).some((broader) => set.has(broader));
}

/**
 * May this actor do it now? What the owner may do, cut down to what the token was given (design 3.1.5).
 * Computed at use: when the owner loses a permission, every token of theirs does too.
 */
export function may(who: { owner: PermissionSet; given: PermissionSet }, permission: Permission): boolean {
  return holds(who.owner, permission) && holds(who.given, permission);
}
