import { record } from "../audit/record";
import { inTransaction } from "../db";
import { conflict, Refusal } from "../errors";
import { type Actor, demand, hasAllPermissions } from "../permissions/actor";
import { lockAdministrators } from "../roles/administrators";
import { rolesWithPermissions } from "../roles/roles";
import { Secret } from "../secret";
import { demandActiveActor } from "../tokens/actor-check";
import { endOtherSessions } from "../tokens/sessions";
import { demandChangeable, findAccount, subjectOf } from "./account";
import { hashPassword, makeOneTimePassword, oneTimePasswordEnds } from "./password";

/**
 * Replaces the password of somebody else's account by one to be used once, revealed in this answer only. All of the
 * account's sessions end; its API tokens go on, they are its owner's business.
 *
 * @throws Refusal `forbidden` for a token that was given only a part of what its owner may do, since the password opens a session,
 *   which may do everything; and for an account that holds everything when the actor does not; `not-found`; `conflict` for
 *   one's own account, and for one without a password.
 */
export async function resetPassword(who: Actor, userName: string): Promise<Secret> {
  demand(who, "users:manage");
  if (!hasAllPermissions(who)) throw new Refusal("forbidden", "Reset passwords in a session, or with All Permissions.");
  const password = makeOneTimePassword();
  const passwordHash = await hashPassword(password);
  await inTransaction(async (tx) => {
    await demandActiveActor(tx, who);
    await lockAdministrators(tx);
    const account = await findAccount(tx, userName);
    demandChangeable(who, account, await rolesWithPermissions(tx));
    if (account.id === who.userId) throw conflict("Change your own password on your account page.");
    if (account.passwordChangedAt === null) {
      throw conflict(`${account.userName} signs in with the identity provider; there is no password to reset.`);
    }
    await tx.user.update({
      where: { id: account.id },
      data: {
        passwordHash,
        passwordChangedAt: who.now,
        passwordExpiresAt: oneTimePasswordEnds(who.now),
        mustChangePassword: true,
      },
      select: { id: true },
    });
    await record(tx, who, { action: "user.reset-password", subject: subjectOf(account) });
    await endOtherSessions(tx, withoutOrigin(who), account.id, null);
  });
  return new Secret(password);
}

/** The owner of a session reads in its history who ended it; through which token, and from where, is the other's business. */
const withoutOrigin = (who: Actor) => ({ ...who, token: null, address: null, agent: null });
