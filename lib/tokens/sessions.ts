import { type Author, insertEventsSql, record } from "../audit/record";
import { hours, later, minutes } from "../clock";
import { db, inTransaction, type Run, type Tx } from "../db";
import { env } from "../env";
import { Prisma } from "../generated/prisma/client";
import { makeId } from "../ids";
import type { Secret } from "../secret";
import { subjectOf } from "./audit";
import { deviceName } from "./device";
import { digestOf, lastFourOf, makeValue } from "./value";

/** A session lasts 30 minutes and is extended from minute 25 on (design 3.3). */
export const sessionMinutes = 30;
export const extendableFromMinute = 25;

interface NewSession {
  userId: string;
  userName: string;
  ip: string | null;
  agent: string | null;
  now: Date;
}

export interface IssuedSession {
  id: string;
  value: Secret;
}

/** Creates a session, with All Permissions, for a user who just authenticated, in one statement. Answers null when there
 * is no such user of whom `condition` on `users u` is true. */
export async function issueSession(
  run: Run,
  { userId, userName, ip, agent, now }: NewSession,
  condition: Prisma.Sql = Prisma.sql`true`,
): Promise<IssuedSession | null> {
  const value = makeValue("session");
  const session = { id: makeId(), kind: "session" as const, name: deviceName(agent) };
  const author: Author = { now, ip, agent, userId, userName, token: session };
  const started = Prisma.sql`${now}::timestamptz`;
  const issued = await run(Prisma.sql`
    WITH owner AS (
      SELECT u.id FROM users u WHERE u.id = ${userId}::uuid AND u.user_name = ${userName} AND ${condition} FOR SHARE
    ),
    issued AS (
      INSERT INTO tokens (
        id, owner_id, kind, name, description, digest, last_four, all_permissions, created_at, created_address, created_agent,
        expires_at, extended_at, extendable_until, last_used_at, last_used_address, last_used_agent
      )
      SELECT ${session.id}::uuid, owner.id, 'session'::token_kind, ${session.name}, '', ${digestOf(value.reveal())}::bytea,
        ${lastFourOf(value)}, true, ${started}, ${ip}, ${agent}, ${later(now, minutes(sessionMinutes))}::timestamptz,
        ${started}, ${later(now, hours(env().sessionHoursMax))}::timestamptz, ${started}, ${ip}, ${agent}
      FROM owner
      RETURNING id
    ),
    recorded AS (
      ${insertEventsSql(author, [{ action: "session.start", subject: subjectOf(userId, session) }], "issued")}
    )
    SELECT id FROM issued`);
  return issued.length === 0 ? null : { id: session.id, value };
}

/** Extends an active session to 30 minutes from now, at most to its absolute limit, if it was issued or last extended
 * at least 25 minutes ago. Concurrent calls write once. Answers the new expiration, or null when nothing is written. */
export async function extendSession(tokenId: string, now: Date): Promise<Date | null> {
  const [extended] = await db.$queryRaw<{ expires_at: Date }[]>`
    UPDATE tokens
    SET extended_at = ${now}, expires_at = LEAST(${later(now, minutes(sessionMinutes))}::timestamptz, extendable_until)
    WHERE id = ${tokenId}::uuid AND kind = 'session' AND enabled AND expires_at > ${now}
      AND extended_at <= ${later(now, -minutes(extendableFromMinute))}
      -- A session that was signed out meanwhile expires earlier than its last extension says, and stays so.
      AND expires_at = LEAST(extended_at + make_interval(mins => ${sessionMinutes}::int), extendable_until)
      AND expires_at < extendable_until
    RETURNING expires_at`;
  return extended?.expires_at ?? null;
}

/** Signs a session out: it expires now. Answers whether it was active. */
export async function endSession(who: Author, tokenId: string): Promise<boolean> {
  return inTransaction(async (tx) => (await endSessions(tx, who, Prisma.sql`id = ${tokenId}::uuid`)) > 0);
}

/** Signs out all active sessions of a user but `exceptId`, and answers their number. */
export async function endOtherSessions(tx: Tx, who: Author, userId: string, exceptId: string | null): Promise<number> {
  return endSessions(tx, who, Prisma.sql`owner_id = ${userId}::uuid AND id IS DISTINCT FROM ${exceptId}::uuid`);
}

/** Locks in order of id, as every change of several tokens does. */
async function endSessions(tx: Tx, who: Author, which: Prisma.Sql): Promise<number> {
  const sessions = await tx.$queryRaw<{ id: string; name: string; ownerId: string }[]>`
    WITH active AS (
      SELECT id FROM tokens WHERE ${which} AND kind = 'session' AND expires_at > ${who.now} ORDER BY id FOR UPDATE
    )
    UPDATE tokens SET expires_at = ${who.now} FROM active WHERE tokens.id = active.id
    RETURNING tokens.id, tokens.name, tokens.owner_id AS "ownerId"`;
  await record(tx, who, ...sessions.map((row) => ({ action: "session.end", subject: subjectOf(row.ownerId, row) })));
  return sessions.length;
}
