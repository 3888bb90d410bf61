import type { Tx } from "../db";
import { unauthenticated } from "../errors";
import type { Actor } from "../permissions/actor";
import { sessionMinutes } from "./sessions";

/** Locks the actor's token in the transaction; refuses `unauthenticated` if it was revoked since the request arrived.
 * Changes that create a token or a password call this, since what they create would outlive the revoked token. */
export async function demandActiveActor(tx: Tx, { token, now }: Actor): Promise<void> {
  const [active] = await tx.$queryRaw<unknown[]>`
    SELECT FROM tokens t JOIN users u ON u.id = t.owner_id
    WHERE t.id = ${token.id}::uuid AND t.enabled AND t.expires_at > ${now} AND u.enabled
      -- A session that was signed out expires earlier than its last extension says.
      AND (t.kind = 'api'
        OR t.expires_at = LEAST(t.extended_at + make_interval(mins => ${sessionMinutes}::int), t.extendable_until))
    FOR SHARE`;
  if (!active) throw unauthenticated("invalid");
}
