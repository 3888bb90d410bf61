import type { Tx } from "../db";
import type { PermissionSet } from "./effective";

/** Reads the present permissions of users, by their ids. An unknown user has none. */
export async function heldBy(tx: Tx, userIds: readonly string[]): Promise<(userId: string) => PermissionSet> {
  const rows = await tx.heldPermission.findMany({
    where: { userId: { in: [...new Set(userIds)] } },
    select: { userId: true, permission: true },
  });
  const held = new Map<string, Set<string>>(userIds.map((id) => [id, new Set()]));
  for (const { userId, permission } of rows) held.get(userId)?.add(permission);
  return (userId) => held.get(userId) ?? new Set();
}
