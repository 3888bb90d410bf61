import { record } from "../audit/record";
import { inTransaction, type Tx } from "../db";
import { conflict, Refusal } from "../errors";
import { type Actor, demand, hasAllPermissions } from "../permissions/actor";
import { lockManager } from "../roles/administrators";
import { rolesWithPermissions } from "../roles/roles";
import { Secret } from "../secret";
import { endOtherSessions } from "../tokens/sessions";
import { demandChangeable, disconnectionOf, findAccount, subjectOf } from "./account";
import { hashPassword, makeOneTimePassword, oneTimePasswordExpiry } from "./password";

/** Only this answer contains the one-time password. The account's sessions end, its API tokens continue to work, and it is
 * disconnected from the identity provider, with which somebody else may have connected it (decision 1827).
 * Refuses `forbidden` for a token without All Permissions, since the password opens a session that has them, and for an
 * account that has them when the actor does not; `not-found`; `conflict` for the own account and without a password. */
export async function resetPassword(who: Actor, userName: string): Promise<Secret> {
  demand(who, "users:manage");
  demandAllPermissions(who);
  const password = makeOneTimePassword();
  const passwordHash = await hashPassword(password);
  await inTransaction(async (tx) => {
    const acting = await lockManager(tx, who);
    demandAllPermissions(acting);
    const account = await findAccount(tx, userName);
    demandChangeable(acting, account, await rolesWithPermissions(tx));
    if (account.id === who.userId) throw conflict("To change your own password, use your account page.");
    if (account.passwordChangedAt === null) {
      throw conflict(`${account.userName} signs in through the identity provider and has no password to reset.`);
    }
    const identity = await lockIdentity(tx, account.id);
    await tx.user.update({
      where: { id: account.id },
      data: {
        passwordHash,
        passwordChangedAt: who.now,
        passwordExpiresAt: oneTimePasswordExpiry(who.now),
        mustChangePassword: true,
        externalIdentity: null,
      },
      select: { id: true },
    });
    const subject = subjectOf(account);
    await record(tx, who, { action: "user.reset-password", subject }, ...disconnectionOf(subject, identity));
    await endOtherSessions(tx, withoutOrigin(who), account.id, null);
  });
  return new Secret(password);
}

/** The identity that the account is connected with, which cannot change until the transaction ends. */
async function lockIdentity(tx: Tx, accountId: string): Promise<string | null> {
  const [locked] = await tx.$queryRaw<{ identity: string | null }[]>`
    SELECT external_identity AS identity FROM users WHERE id = ${accountId}::uuid FOR NO KEY UPDATE`;
  return locked?.identity ?? null;
}

function demandAllPermissions(who: Actor): void {
  if (hasAllPermissions(who)) return;
  throw new Refusal("forbidden", "To reset passwords, sign in or use a token with All Permissions.");
}

/** The owner of a session can read who ended it, but not with which token and from where. */
const withoutOrigin = (who: Actor) => ({ ...who, token: null, ip: null, agent: null });
