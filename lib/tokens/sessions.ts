import { type Author, record } from "../audit/record";
import { hours, later, minutes } from "../clock";
import { db, inTransaction, type Tx } from "../db";
import { env } from "../env";
import { notFound } from "../errors";
import { Prisma } from "../generated/prisma/client";
import type { Secret } from "../secret";
import { subjectOf } from "./audit";
import { deviceName } from "./device";
import { digestOf, lastFourOf, makeValue } from "./value";

/** Design 3.3: good for 30 minutes, extended from minute 25 on and never before. */
export const sessionMinutes = 30;
export const extendableFromMinute = 25;

interface NewSession {
  userId: string;
  address: string | null;
  agent: string | null;
  now: Date;
}

/**
 * Makes a session token for somebody who has just shown who they are. It carries whatever its owner may do.
 *
 * @throws Refusal `not-found` when there is no such account.
 */
export async function issueSession(
  tx: Tx,
  { userId, address, agent, now }: NewSession,
): Promise<{ id: string; name: string; expiresAt: Date; value: Secret }> {
  const owner = await tx.user.findUnique({ where: { id: userId }, select: { userName: true } });
  if (!owner) throw notFound();
  const value = makeValue("session");
  const extendableUntil = later(now, hours(env().sessionHoursMax));
  const session = await tx.token.create({
    data: {
      ownerId: userId,
      kind: "session",
      name: deviceName(agent),
      digest: digestOf(value.reveal()),
      lastFour: lastFourOf(value),
      allPermissions: true,
      createdAt: now,
      createdAddress: address,
      createdAgent: agent,
      expiresAt: later(now, minutes(sessionMinutes)),
      extendedAt: now,
      extendableUntil,
      lastUsedAt: now,
      lastUsedAddress: address,
      lastUsedAgent: agent,
    },
    select: { id: true, name: true, expiresAt: true },
  });
  const token = { id: session.id, kind: "session" as const, name: session.name };
  const author: Author = { now, address, agent, userId, userName: owner.userName, token };
  await record(tx, author, { action: "session.start", subject: subjectOf(userId, session) });
  return { ...session, value };
}

/**
 * Extends a session to 30 minutes from now, if it is enabled, not over, and 25 minutes or more have gone by since it was
 * issued or last extended; never past its absolute limit. Asked by many at once, it is written once.
 *
 * @returns when it expires now, or null when nothing was due.
 */
export async function extendSession(tokenId: string, now: Date): Promise<Date | null> {
  const [extended] = await db.$queryRaw<{ expires_at: Date }[]>`
    UPDATE tokens
    SET extended_at = ${now}, expires_at = LEAST(${later(now, minutes(sessionMinutes))}::timestamptz, extendable_until)
    WHERE id = ${tokenId}::uuid AND kind = 'session' AND enabled AND expires_at > ${now}
      AND extended_at <= ${later(now, -minutes(extendableFromMinute))}
      -- One that was ended meanwhile ended before it would have run out: it stays so.
      AND expires_at = LEAST(extended_at + make_interval(mins => ${sessionMinutes}::int), extendable_until)
      AND expires_at < extendable_until
    RETURNING expires_at`;
  return extended?.expires_at ?? null;
}

/** Signing out: the session moves to Expired at this moment. Answers whether it was still running. */
export async function endSession(who: Author, tokenId: string): Promise<boolean> {
  return inTransaction(async (tx) => (await endSessions(tx, who, Prisma.sql`id = ${tokenId}::uuid`)) > 0);
}

/** Ends every running session of a person but one (none for null), as after a change of password. Answers how many. */
export async function endOtherSessions(tx: Tx, who: Author, userId: string, exceptId: string | null): Promise<number> {
  return endSessions(tx, who, Prisma.sql`owner_id = ${userId}::uuid AND id IS DISTINCT FROM ${exceptId}::uuid`);
}

/** Locks them in order of id, as every change of several tokens does. */
async function endSessions(tx: Tx, who: Author, which: Prisma.Sql): Promise<number> {
  const ended = await tx.$queryRaw<{ id: string; name: string; ownerId: string }[]>`
    WITH running AS (
      SELECT id FROM tokens WHERE ${which} AND kind = 'session' AND expires_at > ${who.now} ORDER BY id FOR UPDATE
    )
    UPDATE tokens SET expires_at = ${who.now} FROM running WHERE tokens.id = running.id
    RETURNING tokens.id, tokens.name, tokens.owner_id AS "ownerId"`;
  await record(tx, who, ...ended.map((row) => ({ action: "session.end", subject: subjectOf(row.ownerId, row) })));
  return ended.length;
}
