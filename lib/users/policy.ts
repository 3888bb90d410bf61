import type { Actor } from "../permissions/actor";
import { mayChangeRole } from "../roles/policy";
import type { HeldRole } from "../roles/roles";

/** Only somebody with all permissions can change an account that has them. */
export const mayChangeAccount = (who: Actor, rolesOfAccount: readonly HeldRole[]): boolean =>
  rolesOfAccount.every((role) => mayChangeRole(who, role));

/** What the actor can do with an account. Actors cannot remove their own account or reset its password. */
export function canOf(who: Actor, account: { id: string; passwordChangedAt: Date | null }, roles: readonly HeldRole[]) {
  const change = mayChangeAccount(who, roles);
  const isOther = account.id !== who.userId;
  return { change, resetPassword: change && isOther && account.passwordChangedAt !== null, remove: change && isOther };
}
