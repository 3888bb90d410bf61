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

/** Everything an actor may do now, in words and in order, without what something wider in the list covers. */
export function effectivePermissions(who: { owner: PermissionSet; given: PermissionSet }): string[] {
  const both = [...who.owner, ...who.given].filter((each) =>
    [who.owner, who.given].every((hand) => covers(hand, each)),
  );
  const kept = new Set(both);
  if (kept.has(everything)) return [everything];
  return [...kept]
    .filter((each) => !coveringPermissions(each).some((wider) => wider !== each && kept.has(wider)))
    .sort();
}

const covers = (hand: PermissionSet, each: string) => holds(hand, each as Permission);
