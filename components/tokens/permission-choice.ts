import { coveringPermissions } from "@/lib/permissions/catalog";

/** Is it held already through something wider that is ticked? `repository/S:run` covers `workspace/S/w:run`. */
export const isCovered = (chosen: ReadonlySet<string>, permission: string) =>
  coveringPermissions(permission).some((wider) => chosen.has(wider));

/** What is left to send: without those that a wider one covers. */
export const withoutCovered = (chosen: ReadonlySet<string>) =>
  [...chosen].filter((permission) => !isCovered(chosen, permission)).sort();
