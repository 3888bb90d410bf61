import { changedFields } from "../audit/changed-fields";
import { type AuditEntry, record } from "../audit/record";
import { inTransaction, isForeignKeyViolation, isUniqueViolation, type Tx } from "../db";
import { conflict, notFound, Refusal } from "../errors";
import { type Actor, demand } from "../permissions/actor";
import { addGrants } from "../permissions/grants";
import { countAdministrators, demandAdministratorRemains, lockManager } from "./administrators";
import { demandAssignable, mayChangeRole } from "./policy";
import { roleViewOf } from "./queries";
import { isBuiltIn, type Role, rolesWithPermissions } from "./roles";
import type { NewRole, RoleChange, RoleView } from "./schema";

/** Creates a role. Refuses `forbidden` without `users:manage`, or for a permission on an item that the actor does not
 * have; `invalid` on `permissions`; `conflict` on `name`. */
export async function createRole(who: Actor, { permissions, ...input }: NewRole): Promise<RoleView> {
  demand(who, "users:manage");
  const sorted = [...new Set(permissions)].sort();
  return inTransaction(async (tx) => {
    const acting = await lockManager(tx, who);
    demandAssignable(acting, permissions);
    await tx.role.create({ data: input, select: { name: true } });
    await addGrants(tx, { roleName: input.name }, sorted);
    const after = { title: input.title, description: input.description, permissions: sorted };
    await record(tx, who, { action: "role.create", subject: subjectOf(input), after });
    return roleViewOf(tx, acting, input.name);
  }).catch((error) => {
    throw isUniqueViolation(error) ? conflict("A role with this name already exists.", "name") : error;
  });
}

/** Changes a role, for all users who have it and their tokens, before the answer is sent. Refuses `not-found`;
 * `forbidden` for a role with all permissions when the actor lacks them, or for an added permission that they cannot
 * assign; `invalid` on `permissions`; `conflict` when no user could manage accounts any more, or on `permissions` of a
 * role with all permissions. */
export async function editRole(who: Actor, name: string, change: RoleChange): Promise<RoleView> {
  demand(who, "users:manage");
  return inTransaction(async (tx) => {
    const acting = await lockManager(tx, who);
    const administrators = await countAdministrators(tx);
    const role = await readChangeableRole(tx, acting, name);
    const before = { title: role.title, description: role.description, permissions: role.permissions };
    const permissions = change.permissions ? [...new Set(change.permissions)].sort() : before.permissions;
    const after = { ...before, ...change, permissions };
    if (role.everything && permissions.length > 0) {
      throw conflict("This role always has all permissions. You can't add or remove any.", "permissions");
    }
    const added = permissions.filter((each) => !role.permissions.some((held) => held === each));
    demandAssignable(acting, added);
    const changed = changedFields(before, after);
    if (changed) {
      await tx.role.update({ where: { name }, data: { title: after.title, description: after.description } });
      if ("permissions" in changed.after) await replaceGrants(tx, name, permissions);
      await demandAdministratorRemains(tx, administrators);
      await record(tx, who, { action: "role.edit", subject: subjectOf(role), ...changed });
    }
    return roleViewOf(tx, acting, name);
  });
}

/** Removes a role. Refuses `not-found`; `forbidden` for a role with all permissions when the actor lacks them;
 * `conflict` for a built-in role, and for one that somebody has. */
export async function removeRole(who: Actor, name: string): Promise<void> {
  demand(who, "users:manage");
  await inTransaction(async (tx) => {
    const acting = await lockManager(tx, who);
    const { title, description, permissions } = await readChangeableRole(tx, acting, name);
    if (isBuiltIn(name)) throw conflict("Built-in roles can be edited, but not removed.");
    await tx.role.delete({ where: { name }, select: { name: true } });
    const before = { title, description, permissions };
    await record(tx, who, { action: "role.remove", subject: subjectOf({ name }), before });
  }).catch((error) => {
    throw isForeignKeyViolation(error)
      ? conflict("This role is still assigned to users. Remove it from them first.")
      : error;
  });
}

async function readChangeableRole(tx: Tx, who: Actor, name: string): Promise<Role> {
  const role = (await rolesWithPermissions(tx)).find((each) => each.name === name);
  if (!role) throw notFound();
  if (mayChangeRole(who, role)) return role;
  throw new Refusal("forbidden", `The role ${name} has all permissions. Only users with all permissions can edit it.`);
}

async function replaceGrants(tx: Tx, roleName: string, permissions: readonly string[]): Promise<void> {
  await tx.grant.deleteMany({ where: { roleName } });
  await addGrants(tx, { roleName }, permissions);
}

const subjectOf = ({ name }: { name: string }): AuditEntry["subject"] => ({ type: "role", id: name, name });
