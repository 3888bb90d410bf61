import { changedFields } from "../audit/changed-fields";
import { record } from "../audit/record";
import { db, inTransaction, isRemovedMeanwhile } from "../db";
import { conflict, invalid, notFound } from "../errors";
import type { Actor } from "../permissions/actor";
import { disableApiTokens } from "../tokens/bulk";
import { endOtherSessions } from "../tokens/sessions";
import { disconnectionOf } from "../users/account";
import { demandGoodPassword, hashPassword } from "../users/password";
import { subjectOf } from "./audit";
import { demandPerson } from "./policy";
import { getAccount } from "./queries";
import type { AccountChange, AccountView, ChangedPassword, NewOwnPassword } from "./schema";

/** Refuses `forbidden` for an API token. */
export async function changeAccount(who: Actor, change: AccountChange): Promise<AccountView> {
  demandPerson(who);
  await inTransaction(async (tx) => {
    const before = await tx.user.findUnique({ where: { id: who.userId }, select: { fullName: true } });
    if (!before) throw notFound();
    const after = await tx.user.update({ where: { id: who.userId }, data: change, select: { fullName: true } });
    const changed = changedFields(before, after);
    if (changed) await record(tx, who, { action: "user.rename", subject: subjectOf(who), ...changed });
  }).catch((error) => {
    throw isRemovedMeanwhile(error) ? notFound() : error;
  });
  return getAccount(who);
}

/** Ends the other sessions, and on request disables the API tokens and disconnects the account from the identity provider,
 * which also works for somebody else who connected it. `demandCurrent` refuses a wrong current password and counts failures. Refuses `forbidden`
 * for an API token; `invalid` on `newPassword`; `conflict` without a password or when it has just been changed. */
export async function changePassword(
  who: Actor,
  { currentPassword, newPassword, disableTokens, disconnectProvider }: NewOwnPassword,
  demandCurrent: (password: string) => Promise<void>,
): Promise<ChangedPassword> {
  demandPerson(who);
  const account = await db.user.findUnique({
    where: { id: who.userId },
    select: { fullName: true, passwordHash: true, externalIdentity: true },
  });
  if (!account?.passwordHash)
    throw conflict("You sign in through the identity provider and have no password to change.");
  demandGoodPassword(newPassword, [who.userName, account.fullName], "newPassword");
  await demandCurrent(currentPassword);
  if (newPassword === currentPassword)
    throw invalid("newPassword", "This is your current password. Choose a different one.");

  const passwordHash = await hashPassword(newPassword);
  const identity = disconnectProvider ? account.externalIdentity : null;
  return inTransaction(async (tx) => {
    const { count } = await tx.user.updateMany({
      where: {
        id: who.userId,
        passwordHash: account.passwordHash,
        ...(disconnectProvider && { externalIdentity: account.externalIdentity }),
      },
      data: {
        passwordHash,
        passwordChangedAt: who.now,
        passwordExpiresAt: null,
        mustChangePassword: false,
        ...(disconnectProvider && { externalIdentity: null }),
      },
    });
    if (count === 0) throw conflict("Your account was just changed elsewhere. Nothing was changed here.");
    const subject = subjectOf(who);
    await record(tx, who, { action: "user.change-password", subject }, ...disconnectionOf(subject, identity));
    const endedSessions = await endOtherSessions(tx, who, who.userId, who.token.id);
    const disabledTokens = disableTokens ? await disableApiTokens(tx, who) : 0;
    return { endedSessions, disabledTokens, disconnected: identity !== null };
  });
}
