import { type Actor, hasAllPermissions } from "../permissions/actor";
import type { Permission } from "../permissions/catalog";
import { everything } from "../permissions/effective";

/** A role and what it holds. */
export interface HeldRole {
  name: string;
  everything: boolean;
  permissions: readonly Permission[];
}

/**
 * Whoever manages accounts gives any role but one that holds everything: that takes somebody who does. Else an
 * administrator could make a superuser, and be one.
 */
export const mayGiveRole = (who: Actor, role: HeldRole): boolean =>
  !role.everything || (who.owner.has(everything) && hasAllPermissions(who));

/** An account that holds everything is changed by those who do, too: nobody disables or demotes the one above. */
export const mayChangeAccount = (who: Actor, rolesOfAccount: readonly HeldRole[]): boolean =>
  rolesOfAccount.every((role) => mayGiveRole(who, role));

/** What the actor can do with an account. Nobody does to their own what they could not take back. */
export function canOf(who: Actor, account: { id: string; passwordChangedAt: Date | null }, roles: readonly HeldRole[]) {
  const change = mayChangeAccount(who, roles);
  const isOther = account.id !== who.userId;
  return { change, resetPassword: change && isOther && account.passwordChangedAt !== null, remove: change && isOther };
}
