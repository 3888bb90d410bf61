import { coveringPermissions } from "@/lib/permissions/catalog";
import type { GrantableItems } from "@/lib/tokens/schema";

/** Is it held already through something wider that is ticked? `repository/S:run` covers `workspace/S/w:run`. */
export const isCovered = (chosen: ReadonlySet<string>, permission: string) =>
  coveringPermissions(permission).some((wider) => chosen.has(wider));

/** What is left to send: without those that a wider one covers. */
export const withoutCovered = (chosen: ReadonlySet<string>) =>
  [...chosen].filter((permission) => !isCovered(chosen, permission)).sort();

/** Everything that can be given, as one set. */
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
