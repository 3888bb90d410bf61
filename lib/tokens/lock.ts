import { inOneStatement, inTransaction, type Run, read, runIn, type Tx } from "../db";
import { Refusal } from "../errors";
import type { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";
import { Contended, type GivingActor, lockActor, supposeUnchanged } from "./actor-check";
import { findAmong, isTokenId, ownedAmong } from "./queries";
import type { TokenRow } from "./view";

interface LockOptions {
  where?: Prisma.Sql;
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
  return findAmong(runIn(tx), who, idsOf(found));
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

const findMatching = (tx: Tx, locked: readonly { id: string }[], where: Prisma.Sql) =>
  tx.$queryRaw<{ id: string }[]>`SELECT t.id FROM tokens t WHERE t.id = ANY (${idsOf(locked)}::uuid[]) AND ${where}`;

const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

/** What a change decides by, and runs its statement with. */
export interface Found {
  run: Run;
  rows: TokenRow[];
  /** The actor, for a change that gives something. Refuses like {@link lockActor}. */
  findGiver: () => Promise<GivingActor>;
}

/** Changes the actor's own tokens of these ids. `change` decides by what was found, and writes it with one statement. */
export function changeOwn<T>(
  who: Actor,
  ids: readonly string[],
  change: (found: Found) => Promise<T>,
  options?: LockOptions,
): Promise<T> {
  return firstWithoutLocks(
    async (run) => change({ run, rows: await findAmong(read, who, ids), findGiver: async () => supposeUnchanged(who) }),
    async (tx) =>
      change({ run: runIn(tx), rows: await lockOwn(tx, who, ids, options), findGiver: () => lockActor(tx, who) }),
  );
}

/** Does work without locks, in one statement that throws Contended when somebody else changed what it goes by. When it
 * does, or refuses, the work with locks decides: so that nothing is refused by what is out of date. */
export async function firstWithoutLocks<T>(
  withoutLocks: (run: Run) => Promise<T>,
  withLocks: (tx: Tx) => Promise<T>,
): Promise<T> {
  try {
    return await inOneStatement(withoutLocks);
  } catch (error) {
    const isUndecided = error instanceof Contended || (error instanceof Refusal && error.code !== "unavailable");
    if (!isUndecided) throw error;
  }
  return inTransaction(withLocks);
}
