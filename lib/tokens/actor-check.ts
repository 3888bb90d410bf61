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
  if (kind === "session") return { ...who, owner, given: new Set([everything]), expirationMax: null };
  const given = allPermissions ? [everything] : (await givenPermissions(tx, [who.token.id])).get(who.token.id);
  return { ...who, owner, given: new Set(given), expirationMax: expiresAt };
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
