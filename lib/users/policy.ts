import { type Actor, hasAllPermissions } from "../permissions/actor";
import type { Permission } from "../permissions/catalog";
import { everything, may } from "../permissions/effective";

/** A role and what it holds. */
export interface HeldRole {
  name: string;
  everything: boolean;
  permissions: readonly Permission[];
}

/** Nobody gives or takes what they do not hold: else an administrator could make a superuser, and be one. */
export const mayGiveRole = (who: Actor, role: HeldRole): boolean =>
  role.everything
    ? who.owner.has(everything) && hasAllPermissions(who)
    : role.permissions.every((permission) => may(who, permission));

/** An account is changed by those who hold all that its roles hold. */
export const mayChangeAccount = (who: Actor, rolesOfAccount: readonly HeldRole[]): boolean =>
  rolesOfAccount.every((role) => mayGiveRole(who, role));
