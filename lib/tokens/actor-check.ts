import type { Tx } from "../db";
import { unauthenticated } from "../errors";
import { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";
import { everything } from "../permissions/effective";
import { sessionMinutes } from "./sessions";
import { givenPermissions } from "./view";

/** An actor whose token the transaction has locked, with what the token has been given by then. */
export interface LockedActor extends Actor {
  /** An API token gives no other token a later expiration than its own. Null for a session, which is the person. */
  expirationMax: Date | null;
}

/**
 * Refuses unless the actor's token and account are still active, and locks both until the transaction ends. The token was
 * verified when the request arrived, but the change may have waited since, and what it creates would outlive a revoked token.
 * Use this in changes that create a password.
 *
 * @throws Refusal `unauthenticated`.
 */
export async function demandActiveActor(tx: Tx, who: Actor): Promise<void> {
  await lockActive(tx, who, Prisma.sql`FOR SHARE`);
}

/**
 * Like {@link demandActiveActor} for changes that give something to a token of the same account, which needs no lock of the
 * account. Answers the actor as the locked token now is, since it may have been narrowed or shortened meanwhile.
 *
 * @throws Refusal `unauthenticated`.
 */
export async function lockActor(tx: Tx, who: Actor): Promise<LockedActor> {
  const { kind, allPermissions, expiresAt } = await lockActive(tx, who, Prisma.sql`FOR SHARE OF t`);
  if (kind === "session") return { ...who, given: new Set([everything]), expirationMax: null };
  // A separate statement, since one that waited for a lock sees the permissions as of its start.
  const given = allPermissions ? [everything] : (await givenPermissions(tx, [who.token.id])).get(who.token.id);
  return { ...who, given: new Set(given), expirationMax: expiresAt };
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
