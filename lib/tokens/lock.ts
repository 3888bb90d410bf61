import type { Tx } from "../db";
import type { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";
import { isTokenId, ownedAmong } from "./queries";
import { readTokens, type TokenRow } from "./view";

/** Locks and reads the actor's own tokens of these ids, in order of id, so that concurrent changes do not deadlock.
 * `where` is a condition that is checked again once they are locked. */
export async function lockOwn(
  tx: Tx,
  who: Actor,
  ids: readonly string[],
  where?: Prisma.TokenWhereInput,
): Promise<TokenRow[]> {
  const known = ids.filter(isTokenId);
  const locked = await tx.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM tokens t WHERE ${ownedAmong(who, known)} ORDER BY t.id FOR UPDATE`;
  const found = where ? await findMatching(tx, locked, where) : locked;
  // A separate statement, since one that waited for a lock sees the permissions as of its start.
  return readTokens(tx, ownedAmong(who, idsOf(found)));
}

const findMatching = (tx: Tx, locked: readonly { id: string }[], where: Prisma.TokenWhereInput) =>
  tx.token.findMany({ where: { AND: [{ id: { in: idsOf(locked) } }, where] }, select: { id: true } });

const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
