import { record } from "../audit/record";
import { db, inTransaction, isUniqueViolation } from "../db";
import { conflict } from "../errors";
import { type Actor, demandOwnPassword } from "../permissions/actor";
import { demandActiveActor } from "../tokens/actor-check";
import { endOtherSessions } from "../tokens/sessions";
import { disconnectionOf } from "../users/account";
import { subjectOf } from "./audit";
import { demandPerson } from "./policy";
import type { DisconnectedIdentity, Disconnection } from "./schema";

/** Lets the actor sign in as this person of the identity provider, too (`<issuer>|<subject>`). Changes nothing if that
 * person has another account, or the actor's account has an identity. Refuses `forbidden` for an API token. */
export async function connectIdentity(who: Actor, identity: string): Promise<"connected" | "taken" | "already"> {
  demandPerson(who);
  demandOwnPassword(who);
  try {
    return await inTransaction(async (tx) => {
      await demandActiveActor(tx, who);
      const { count } = await tx.user.updateMany({
        where: { id: who.userId, externalIdentity: null },
        data: { externalIdentity: identity },
      });
      if (count === 0) return "already";
      await record(tx, who, { action: "user.connect-identity", subject: subjectOf(who), after: { identity } });
      return "connected";
    });
  } catch (error) {
    if (isUniqueViolation(error)) return "taken";
    throw error;
  }
}

/** Ends the other sessions too, because the identity may have begun them. `demandCurrent` refuses a wrong password and
 * counts failures. Refuses `forbidden` for an API token; `conflict` without an identity or without a password. */
export async function disconnectIdentity(
  who: Actor,
  { currentPassword }: Disconnection,
  demandCurrent: (password: string) => Promise<void>,
): Promise<DisconnectedIdentity> {
  demandPerson(who);
  const account = await db.user.findUnique({
    where: { id: who.userId },
    select: { externalIdentity: true, passwordHash: true },
  });
  if (!account?.externalIdentity) throw conflict("Your account is not connected with an identity provider.");
  if (!account.passwordHash) {
    throw conflict("Your account has no password, so the identity provider is your only way to sign in.");
  }
  await demandCurrent(currentPassword);
  const { externalIdentity: identity, passwordHash } = account;
  return inTransaction(async (tx) => {
    await demandActiveActor(tx, who);
    const { count } = await tx.user.updateMany({
      where: { id: who.userId, externalIdentity: identity, passwordHash },
      data: { externalIdentity: null },
    });
    if (count === 0) throw conflict("Your account was just changed elsewhere. Nothing was changed here.");
    await record(tx, who, ...disconnectionOf(subjectOf(who), identity));
    return { endedSessions: await endOtherSessions(tx, who, who.userId, who.token.id) };
  });
}
