import type { Tx } from "../db";
import { unauthenticated } from "../errors";
import type { Actor } from "../permissions/actor";
import { sessionMinutes } from "./sessions";

/**
 * Refuses unless the actor's token is still active, and locks it until the transaction ends. The token was verified when the
 * request arrived, but the change may have waited since, and what it creates would outlive a revoked token. Use this in
 * changes that create a token or a password.
 *
 * @throws Refusal `unauthenticated`.
 */
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
