import { type AuditEntry, record } from "../audit/record";
import { inTransaction, type Tx } from "../db";
import { conflict, invalid, Refusal } from "../errors";
import { type Actor, demand, hasAllPermissions } from "../permissions/actor";
import { countAdministrators, demandAdministratorRemains, lockManager } from "../roles/administrators";
import { rolesWithPermissions } from "../roles/roles";
import { type Account, accountFields, demandChangeable, findAccount, rolesOf, subjectOf } from "./account";
import type { UserRemoval } from "./schema";

/** Removes an account with its tokens, sessions, grants and jobs. The heir gets what it owns, and has to issue tokens
 * before its apps run. Refuses `forbidden` for an account with all permissions when the actor has not, and for one that
 * owns something when the actor's token has not All Permissions; `not-found`; `invalid` on `heir` when one is needed;
 * `conflict` for the own account and the last administrator. */
export async function removeUser(who: Actor, userName: string, { heir: heirName }: UserRemoval): Promise<void> {
  demand(who, "users:manage");
  await inTransaction(async (tx) => {
    const acting = await lockManager(tx, who);
    const administrators = await countAdministrators(tx);
    const account = await findAccount(tx, userName);
    demandChangeable(acting, account, await rolesWithPermissions(tx));
    if (account.id === who.userId) throw conflict("You can't remove your own account. Ask another administrator.");
    // The lock keeps others from creating anything for this account, which would be lost or would prevent its removal.
    await tx.$queryRaw`SELECT id FROM users WHERE id = ${account.id}::uuid FOR UPDATE`;
    const heir = heirName === undefined ? null : await findHeir(tx, account, heirName);
    const transfers = await transferOwnership(tx, account, heir);
    if (transfers.length > 0 && !hasAllPermissions(acting)) {
      const detail = `${account.userName} owns repositories, workspaces or apps. To transfer them, sign in or use a token with All Permissions.`;
      throw new Refusal("forbidden", detail, { field: "heir" });
    }
    await tx.idempotentRequest.deleteMany({ where: { userId: account.id } });
    await tx.user.delete({ where: { id: account.id }, select: { id: true } });
    await demandAdministratorRemains(tx, administrators);
    await record(tx, who, ...transfers, {
      action: "user.remove",
      subject: subjectOf(account),
      before: { fullName: account.fullName, roles: rolesOf(account) },
    });
  });
}

async function findHeir(tx: Tx, account: Account, heirName: string): Promise<Account> {
  const heir = await tx.user.findUnique({ where: { userName: heirName }, select: accountFields });
  if (!heir) throw invalid("heir", `There is no user named ${heirName}.`);
  if (heir.id === account.id) throw invalid("heir", "Choose another user as the new owner.");
  return heir;
}

async function transferOwnership(tx: Tx, account: Account, heir: Account | null): Promise<AuditEntry[]> {
  const owned = { where: { ownerId: account.id } };
  const repositories = await tx.repository.findMany({ ...owned, select: { id: true, name: true } });
  const workspaces = await tx.workspace.findMany({
    ...owned,
    select: { id: true, name: true, repository: { select: { name: true } } },
  });
  const apps = await tx.app.findMany({ ...owned, select: { id: true, name: true } });
  const items = [
    ...repositories.map((item) => ({ ...item, type: "repository" })),
    ...workspaces.map(({ id, name, repository }) => ({ id, name: `${repository.name}/${name}`, type: "workspace" })),
    ...apps.map((item) => ({ ...item, type: "app" })),
  ];
  if (items.length === 0) return [];
  if (!heir) {
    const detail = `${account.userName} owns repositories, workspaces or apps. Choose a user to transfer them to.`;
    throw invalid("heir", detail);
  }
  const data = { ownerId: heir.id };
  await tx.repository.updateMany({ ...owned, data });
  await tx.workspace.updateMany({ ...owned, data });
  await tx.app.updateMany({ ...owned, data });
  return items.map(({ type, id, name }) => ({
    action: `${type}.hand-over`,
    subject: { type, id, name, ownerId: heir.id },
    before: { owner: account.userName },
    after: { owner: heir.userName },
  }));
}
