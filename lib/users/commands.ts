import { changedFields } from "../audit/changed-fields";
import { type AuditEntry, record } from "../audit/record";
import { inTransaction, isRemovedMeanwhile, type Tx } from "../db";
import { invalid, Refusal } from "../errors";
import { type Actor, demand, hasAllPermissions } from "../permissions/actor";
import { heldBy } from "../permissions/held";
import { countAdministrators, demandAdministratorRemains, lockManager } from "../roles/administrators";
import { mayAssign, mayGiveRole } from "../roles/policy";
import { type HeldRole, rolesWithPermissions } from "../roles/roles";
import { Secret } from "../secret";
import {
  type Account,
  accountFields,
  accountView,
  demandChangeable,
  findAccount,
  insertAccount,
  rolesOf,
  subjectOf,
} from "./account";
import { demandGoodPassword, hashPassword, makeOneTimePassword, oneTimePasswordExpiry } from "./password";
import type { NewUser, UserChange, UserView } from "./schema";

/** Without a password, the account gets a one-time password, which only this answer contains. Refuses `forbidden`, also for
 * a role with more than the actor's token was given; `invalid` on `password` or `roles`; `conflict` on `userName`. */
export async function createUser(
  who: Actor,
  input: NewUser,
): Promise<{ user: UserView; oneTimePassword: Secret | null }> {
  demand(who, "users:manage");
  const { userName, fullName, roles } = input;
  if (input.password !== undefined) demandGoodPassword(input.password, [userName, fullName]);
  const password = input.password ?? makeOneTimePassword();
  const isOneTime = input.password === undefined;
  const passwordHash = await hashPassword(password);

  return inTransaction(async (tx) => {
    const acting = await lockManager(tx, who);
    const allRoles = await rolesWithPermissions(tx);
    demandRolesGrantable(acting, roles, allRoles);
    const account = await insertAccount(tx, {
      userName,
      fullName,
      passwordHash,
      passwordChangedAt: who.now,
      passwordExpiresAt: isOneTime ? oneTimePasswordExpiry(who.now) : null,
      mustChangePassword: isOneTime,
      createdAt: who.now,
      roles: { create: roles.map((roleName) => ({ roleName })) },
    });
    await record(tx, who, { action: "user.create", subject: subjectOf(account), after: { fullName, roles } });
    const user = accountView(acting, account, allRoles);
    return { user, oneTimePassword: isOneTime ? new Secret(password) : null };
  }).catch((error) => {
    throw isRemovedMeanwhile(error) ? invalid("roles", "One of these roles was just removed.") : error;
  });
}

/** All tokens of a disabled account are refused at once, and work again when it is enabled. Refuses `forbidden` when
 * the account or a role has all permissions and the actor has not, and when an account that is enabled or a role that is
 * added has more than the actor's token was given; `not-found`; `invalid` on `roles`; `conflict` when no user would be
 * left who can manage accounts. */
export async function changeUser(who: Actor, userName: string, change: UserChange): Promise<UserView> {
  demand(who, "users:manage");
  return inTransaction(async (tx) => {
    const acting = await lockManager(tx, who);
    const administrators = await countAdministrators(tx);
    const allRoles = await rolesWithPermissions(tx);
    const account = await findAccount(tx, userName);
    demandChangeable(acting, account, allRoles);
    if (change.enabled && !account.enabled) await demandMayEnable(tx, acting, account);
    if (change.roles) {
      demandRolesGrantable(acting, change.roles, allRoles, rolesOf(account));
      await tx.userRole.deleteMany({ where: { userId: account.id } });
      await tx.userRole.createMany({ data: change.roles.map((roleName) => ({ userId: account.id, roleName })) });
    }
    const changed = await tx.user.update({
      where: { id: account.id },
      data: { enabled: change.enabled, fullName: change.fullName },
      select: accountFields,
    });
    await demandAdministratorRemains(tx, administrators);
    await record(tx, who, ...auditEntriesOf(account, changed));
    return accountView(acting, changed, allRoles);
  });
}

function demandRolesGrantable(
  who: Actor,
  names: readonly string[],
  roles: readonly HeldRole[],
  held: readonly string[] = [],
): void {
  for (const name of names) {
    const role = roles.find((each) => each.name === name);
    if (!role) throw invalid("roles", `There is no role ${name}. GET /api/v1/roles lists all roles.`);
    if (held.includes(name) || mayGiveRole(who, role)) continue;
    const permission = role.permissions.find((each) => !mayAssign(who, each));
    const detail =
      permission === undefined
        ? `The role ${name} has all permissions. Only users with all permissions can assign it.`
        : `The role ${name} has the permission ${permission}, ${lacking(permission)}`;
    throw new Refusal("forbidden", detail, { field: "roles", extra: permission ? { permission } : {} });
  }
}

const lacking = (permission: string): string =>
  permission === "users:manage"
    ? "which only a token with All Permissions can give. Sign in, or use such a token."
    : "and the token you are using does not. Sign in, or use a token that has it.";

/** Enabling an account lets all its tokens act again, so it takes what they can have (decision 1801). */
async function demandMayEnable(tx: Tx, who: Actor, account: Account): Promise<void> {
  if (hasAllPermissions(who)) return;
  const held = (await heldBy(tx, [account.id]))(account.id);
  const permission = [...held].sort().find((each) => !mayAssign(who, each));
  if (permission === undefined) return;
  const detail = `${account.userName} has the permission ${permission}, which the token you are using can't give. Sign in, or use a token with All Permissions.`;
  throw new Refusal("forbidden", detail, { field: "enabled", extra: { permission } });
}

function auditEntriesOf(before: Account, after: Account): AuditEntry[] {
  const subject = subjectOf(after);
  const renaming = changedFields({ fullName: before.fullName }, { fullName: after.fullName });
  const assignment = changedFields({ roles: rolesOf(before) }, { roles: rolesOf(after) });
  const entries: AuditEntry[] = [];
  if (before.enabled !== after.enabled) {
    entries.push({ action: after.enabled ? "user.enable" : "user.disable", subject });
  }
  if (renaming) entries.push({ action: "user.rename", subject, ...renaming });
  if (assignment) entries.push({ action: "user.assign-roles", subject, ...assignment });
  return entries;
}
