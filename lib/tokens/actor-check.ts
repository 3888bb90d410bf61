import type { Tx } from "../db";
import { unauthenticated } from "../errors";
import type { Actor } from "../permissions/actor";
import { sessionMinutes } from "./sessions";

/**
 * Refuses unless the token through which somebody acts still does, and keeps it so until the transaction ends. The door has
 * judged it, but a change may have waited in line since: what it makes would outlive the token that was taken away meanwhile.
 * For changes that hand out something to sign in or to act with.
 *
 * @throws Refusal `unauthenticated`.
 */
export async function demandActiveActor(tx: Tx, { token, now }: Actor): Promise<void> {
  const [still] = await tx.$queryRaw<unknown[]>`
    SELECT FROM tokens t JOIN users u ON u.id = t.owner_id
    WHERE t.id = ${token.id}::uuid AND t.enabled AND t.expires_at > ${now} AND u.enabled
      -- A session that was ended ends before it would have run out.
      AND (t.kind = 'api'
        OR t.expires_at = LEAST(t.extended_at + make_interval(mins => ${sessionMinutes}::int), t.extendable_until))
    FOR SHARE`;
  if (!still) throw unauthenticated("invalid");
}
