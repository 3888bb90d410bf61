import type { Tx } from "../db";
import type { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";
import { isTokenId, ownedAmong } from "./queries";
import { readTokens, type TokenRow } from "./view";

/**
 * The actor's own tokens of these ids, locked until the transaction ends, so that what is decided about them still holds
 * when it is done. Always locked in order of id: two changes of the same tokens wait for each other, never both.
 *
 * @param where what must still be true of them once they are locked.
 */
export async function lockOwn(
  tx: Tx,
  who: Actor,
  ids: readonly string[],
  where?: Prisma.TokenWhereInput,
): Promise<TokenRow[]> {
  const known = ids.filter(isTokenId);
  const locked = await tx.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM tokens t WHERE ${ownedAmong(who, known)} ORDER BY t.id FOR UPDATE`;
  const found = where ? await findStillMatching(tx, locked, where) : locked;
  // A statement of its own: one that waited for a lock still sees the permissions of when it began.
  return readTokens(tx, ownedAmong(who, idsOf(found)));
}

const findStillMatching = (tx: Tx, locked: readonly { id: string }[], where: Prisma.TokenWhereInput) =>
  tx.token.findMany({ where: { AND: [{ id: { in: idsOf(locked) } }, where] }, select: { id: true } });

const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
