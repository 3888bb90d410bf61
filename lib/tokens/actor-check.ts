import type { Tx } from "../db";
import { unauthenticated } from "../errors";
import { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";
import { everything } from "../permissions/effective";
import { heldBy } from "../permissions/held";
import { sessionMinutes } from "./sessions";
import { givenPermissions } from "./view";

export interface LockedActor extends Actor {
  /** An API token gives no other token a later expiration than its own. Null for a session, which is the person. */
  expirationMax: Date | null;
}

/** What was read has changed, or was being changed, when it was to be written. Nothing was written. */
export class Contended extends Error {
  override name = "Contended";
}

/** An actor who has not changed since they were verified, unless {@link unchangedSql} says otherwise. */
interface SupposedActor extends LockedActor {
  asOf: NonNullable<Actor["asOf"]>;
}

export type GivingActor = LockedActor | SupposedActor;

/** Supposes that the actor is still as they were verified, for a statement that gives something only if that is so.
 * Throws Contended when they were not verified. */
export function supposeUnchanged(who: Actor): SupposedActor {
  const { asOf, token } = who;
  if (!asOf) throw new Contended();
  return { ...who, asOf, expirationMax: token.kind === "session" ? null : asOf.expiresAt };
}

/** One row if the actor is still as supposed, whose token the statement then locks; always for one that is locked. No
 * row, and no wait, while somebody changes the token: so two that change each other cannot deadlock. */
export function unchangedSql({ userId, token, now, asOf }: GivingActor): Prisma.Sql {
  if (!asOf) return Prisma.sql`SELECT`;
  return Prisma.sql`
    SELECT FROM tokens t
    WHERE t.id = ${token.id}::uuid AND t.enabled AND t.expires_at > ${now}::timestamptz
      -- A lock that comes after a change locks a row that this statement does not see yet.
      AND t.xmin = (SELECT seen.xmin FROM tokens seen WHERE seen.id = t.id)
      AND ${asOf.server}::float8 = extract(epoch FROM pg_postmaster_start_time())::float8
      AND (
        SELECT c.value - ${asOf.number}::bigint = (
          SELECT count(*) FROM changes l
          WHERE l.number > ${asOf.number}::bigint AND l.number <= c.value AND NOT (
            l.everything OR ${token.id}::uuid = ANY (l.token_ids) OR ${userId}::uuid = ANY (l.owner_ids)
          )
        ) FROM change_counter c
      )
    FOR SHARE OF t SKIP LOCKED`;
}

/** Locks the actor's token and account; refuses `unauthenticated` if either was disabled since the request arrived.
 * Changes of how the account signs in call this, since they would outlive the revoked token. */
export async function demandActiveActor(tx: Tx, who: Actor): Promise<void> {
  await lockActive(tx, who, Prisma.sql`FOR SHARE`);
}

/** The same for changes that give something, which need no lock of the account. Answers the actor as they now are, since
 * the token may have been narrowed or shortened meanwhile, and its owner may have lost permissions. */
export async function lockActor(tx: Tx, who: Actor): Promise<LockedActor> {
  const { kind, allPermissions, expiresAt } = await lockActive(tx, who, Prisma.sql`FOR SHARE OF t`);
  // Separate statements, since one that waited for a lock sees the permissions as of its start.
  const owner = (await heldBy(tx, [who.userId]))(who.userId);
  const locked = { ...who, owner, asOf: undefined };
  if (kind === "session") return { ...locked, given: new Set([everything]), expirationMax: null };
  const given = allPermissions ? [everything] : (await givenPermissions(tx, [who.token.id])).get(who.token.id);
  return { ...locked, given: new Set(given), expirationMax: expiresAt };
}

async function lockActive(tx: Tx, { token, now }: Actor, lock: Prisma.Sql) {
  const [active] = await tx.$queryRaw<{ kind: Actor["token"]["kind"]; allPermissions: boolean; expiresAt: Date }[]>`
    SELECT t.kind::text, t.all_permissions AS "allPermissions", t.expires_at AS "expiresAt"
    FROM tokens t JOIN users u ON u.id = t.owner_id
    WHERE t.id = ${token.id}::uuid AND t.enabled AND t.expires_at > ${now} AND u.enabled
      -- A session that was signed out expires earlier than its last extension says.
      AND (t.kind = 'api'
        OR t.expires_at = LEAST(t.extended_at + make_interval(mins => ${sessionMinutes}::int), t.extendable_until))
    ${lock}`;
  if (!active) throw unauthenticated("invalid");
  return active;
}
