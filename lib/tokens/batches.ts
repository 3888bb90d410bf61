import { z } from "zod";
import type { Tx } from "../db";
import type { Prisma } from "../generated/prisma/client";
import { decodeCursor, encodeCursor, pageOf } from "../paging";
import type { Actor } from "../permissions/actor";
import { whereMatching } from "./filter";
import { cursorTime } from "./order";
import { ownedBy } from "./queries";
import type { TokenChanges, TokenMatch } from "./schema";

/** How many tokens one batch changes unless told: few enough that nobody waits long for their locks. */
const batchSize = 500;

/** Where a change of all that a filter finds has come to: its cut-off, and the place of the last token of the batch. */
const cursorShape = z.tuple([z.literal("batch"), cursorTime, cursorTime, z.uuid()]);

interface Batch {
  ids: string[];
  /** What makes them part of it, to be asked again once they are locked. */
  where: Prisma.TokenWhereInput;
  nextCursor: string | null;
}

/**
 * The tokens that a filter found at the cut-off and that come next: the oldest first, which a change does not move, so that
 * each comes once. What was made later does not belong to it.
 *
 * @throws Refusal `invalid` on `cursor`.
 */
export async function nextBatch(
  tx: Tx,
  who: Actor,
  { kind, ...match }: TokenMatch,
  { before, cursor, limit = batchSize }: Pick<TokenChanges, "before" | "cursor" | "limit">,
): Promise<Batch> {
  const [, begunAt, createdAt, id] = cursor === undefined ? [] : decodeCursor(cursor, cursorShape);
  const requestedCutOff = begunAt ?? before ?? who.now;
  const cutOff = new Date(Math.min(requestedCutOff.getTime(), who.now.getTime()));
  const where = { AND: [{ kind, createdAt: { lte: cutOff } }, whereMatching(match, cutOff)] };
  const rows = await tx.token.findMany({
    where: { AND: [ownedBy(who), where, createdAt && id ? after(createdAt, id) : {}] },
    select: { id: true, createdAt: true },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: limit + 1,
  });
  const { items, nextCursor } = pageOf(
    rows,
    limit,
    (row) => encodeCursor(["batch", cutOff.getTime(), row.createdAt.getTime(), row.id]),
    (row) => row.id,
  );
  return { ids: items, where, nextCursor };
}

const after = (createdAt: Date, id: string): Prisma.TokenWhereInput => ({
  createdAt: { gte: createdAt },
  OR: [{ createdAt: { gt: createdAt } }, { createdAt, id: { gt: id } }],
});
