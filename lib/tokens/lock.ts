import type { Tx } from "../db";
import type { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";
import { isTokenId, ownedAmong } from "./queries";
import { readTokens, type TokenRow } from "./view";

interface LockOptions {
  where?: Prisma.TokenWhereInput;
  /** Whether the change may give something. The actor's own token, which is checked then, is locked in its place. */
  giving?: boolean;
}

/** Locks and reads the actor's own tokens of these ids, in order of id, so that concurrent changes do not deadlock, nor
 * those of tokens that change each other. */
export async function lockOwn(
  tx: Tx,
  who: Actor,
  ids: readonly string[],
  { where, giving = false }: LockOptions = {},
): Promise<TokenRow[]> {
  const known = ids.filter(isTokenId).map((id) => id.toLowerCase());
  const locked = giving ? await lockAroundActor(tx, who, known) : await lockIds(tx, who, known);
  const found = where ? await findMatching(tx, locked, where) : locked;
  // A separate statement, since one that waited for a lock sees the permissions as of its start.
  return readTokens(tx, ownedAmong(who, idsOf(found)));
}

async function lockAroundActor(tx: Tx, who: Actor, ids: readonly string[]): Promise<{ id: string }[]> {
  const acting = who.token.id;
  const before = await lockIds(
    tx,
    who,
    ids.filter((id) => id <= acting),
  );
  await tx.$queryRaw`SELECT FROM tokens WHERE id = ${acting}::uuid FOR SHARE`;
  const after = await lockIds(
    tx,
    who,
    ids.filter((id) => id > acting),
  );
  return [...before, ...after];
}

const lockIds = async (tx: Tx, who: Actor, ids: readonly string[]) =>
  ids.length === 0
    ? []
    : tx.$queryRaw<{ id: string }[]>`
        SELECT t.id FROM tokens t WHERE ${ownedAmong(who, ids)} ORDER BY t.id FOR UPDATE`;

const findMatching = (tx: Tx, locked: readonly { id: string }[], where: Prisma.TokenWhereInput) =>
  tx.token.findMany({ where: { AND: [{ id: { in: idsOf(locked) } }, where] }, select: { id: true } });

const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
