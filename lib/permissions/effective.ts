import { coveringPermissions, type Permission } from "./catalog";

/** Permissions as text: also `repository/S:*` for an owned item, and `*`. */
export type PermissionSet = ReadonlySet<string>;

/** All present and future permissions. */
export const everything = "*";

/** Whether a set has a permission, or one that includes it. */
export function holds(set: PermissionSet, permission: Permission): boolean {
  if (set.has(everything) || set.has(permission)) return true;
  return coveringPermissions(permission).some((broader) => set.has(broader));
}

/** Whether owner and token both have it (design 3.1.5), computed at each use: tokens lose what their owner loses. */
export function may(who: { owner: PermissionSet; given: PermissionSet }, permission: Permission): boolean {
  return holds(who.owner, permission) && holds(who.given, permission);
}

/** All permissions of an actor, sorted, without those that another one in the list includes. */
export function effectivePermissions(who: { owner: PermissionSet; given: PermissionSet }): string[] {
  const both = [...who.owner, ...who.given].filter((each) =>
    [who.owner, who.given].every((set) => holds(set, each as Permission)),
  );
  const unique = new Set(both);
  if (unique.has(everything)) return [everything];
  return [...unique]
    .filter((each) => !coveringPermissions(each).some((wider) => wider !== each && unique.has(wider)))
    .sort();
}
