import type { Actor } from "../permissions/actor";
import { mayGiveRole } from "../roles/policy";
import type { HeldRole } from "../roles/roles";

/** An account that holds everything is changed by those who do, too: nobody disables or demotes the one above. */
export const mayChangeAccount = (who: Actor, rolesOfAccount: readonly HeldRole[]): boolean =>
  rolesOfAccount.every((role) => mayGiveRole(who, role));

/** What the actor can do with an account. Nobody does to their own what they could not take back. */
export function canOf(who: Actor, account: { id: string; passwordChangedAt: Date | null }, roles: readonly HeldRole[]) {
  const change = mayChangeAccount(who, roles);
  const isOther = account.id !== who.userId;
  return { change, resetPassword: change && isOther && account.passwordChangedAt !== null, remove: change && isOther };
}
