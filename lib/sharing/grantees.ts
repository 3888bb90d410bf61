import type { Tx } from "../db";
import { notFound } from "../errors";
import type { Holder } from "../permissions/grants";
import { normalizeUserName } from "../text";
import type { Grantee } from "./schema";

/** Refuses `not-found`. The case of a user name does not matter. */
export async function granteeOf(tx: Tx, { kind, name }: Grantee): Promise<Holder> {
  if (kind === "roles") {
    const role = await tx.role.findUnique({ where: { name }, select: { name: true } });
    if (!role) throw notFound();
    return { roleName: role.name };
  }
  const user = await tx.user.findUnique({ where: { userName: normalizeUserName(name) }, select: { id: true } });
  if (!user) throw notFound();
  return { userId: user.id };
}

/** A grantee as audit events name it: "user olu", "role author". */
export const granteeLabel = ({ kind, name }: Grantee): string => `${kind === "users" ? "user" : "role"} ${name}`;
