import { coveringPermissions } from "@/lib/permissions/catalog";
import type { GrantableItems } from "@/lib/tokens/schema";

/** Does a wider chosen permission include this one? `repository/S:run` includes `workspace/S/w:run`. */
export const isCovered = (chosen: ReadonlySet<string>, permission: string) =>
  coveringPermissions(permission).some((wider) => chosen.has(wider));

/** The chosen permissions without those that a wider one includes. */
export const withoutCovered = (chosen: ReadonlySet<string>) =>
  [...chosen].filter((permission) => !isCovered(chosen, permission)).sort();

/** All permissions that can be granted. */
export const allGrantable = ({ general, repositories, apps }: GrantableItems) =>
  new Set([
    ...general,
    ...repositories.flatMap(({ permissions, workspaces }) => [
      ...permissions,
      ...workspaces.flatMap((workspace) => workspace.permissions),
    ]),
    ...apps.flatMap(({ permissions }) => permissions),
  ]);

/** The chosen permissions with one added or removed. */
export function withPermission(
  chosen: ReadonlySet<string>,
  permission: string,
  isChosen: boolean,
): ReadonlySet<string> {
  const next = new Set(chosen);
  if (isChosen) next.add(permission);
  else next.delete(permission);
  return next;
}
