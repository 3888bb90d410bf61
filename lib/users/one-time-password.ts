import { record } from "../audit/record";
import { inTransaction } from "../db";
import { conflict, Refusal } from "../errors";
import { type Actor, demand, hasAllPermissions } from "../permissions/actor";
import { lockManager } from "../roles/administrators";
import { rolesWithPermissions } from "../roles/roles";
import { Secret } from "../secret";
import { endOtherSessions } from "../tokens/sessions";
import { demandChangeable, findAccount, subjectOf } from "./account";
import { hashPassword, makeOneTimePassword, oneTimePasswordExpiry } from "./password";

/** Only this answer contains the one-time password. The account's sessions end, and its API tokens continue to work.
 * Refuses `forbidden` for a token without All Permissions, since the password opens a session that has them, and for an
 * account that has them when the actor does not; `not-found`; `conflict` for the own account and without a password. */
export async function resetPassword(who: Actor, userName: string): Promise<Secret> {
  demand(who, "users:manage");
  demandAllPermissions(who);
  const password = makeOneTimePassword();
  const passwordHash = await hashPassword(password);
  await inTransaction(async (tx) => {
    const { acting } = await lockManager(tx, who);
    demandAllPermissions(acting);
    const account = await findAccount(tx, userName);
    demandChangeable(acting, account, await rolesWithPermissions(tx));
    if (account.id === who.userId) throw conflict("To change your own password, use your account page.");
    if (account.passwordChangedAt === null) {
      throw conflict(`${account.userName} signs in through the identity provider and has no password to reset.`);
    }
    await tx.user.update({
      where: { id: account.id },
      data: {
        passwordHash,
        passwordChangedAt: who.now,
        passwordExpiresAt: oneTimePasswordExpiry(who.now),
        mustChangePassword: true,
      },
      select: { id: true },
    });
    await record(tx, who, { action: "user.reset-password", subject: subjectOf(account) });
    await endOtherSessions(tx, withoutOrigin(who), account.id, null);
  });
  return new Secret(password);
}

function demandAllPermissions(who: Actor): void {
  if (hasAllPermissions(who)) return;
  throw new Refusal("forbidden", "To reset passwords, sign in or use a token with All Permissions.");
}

/** The owner of a session can read who ended it, but not with which token and from where. */
const withoutOrigin = (who: Actor) => ({ ...who, token: null, ip: null, agent: null });
