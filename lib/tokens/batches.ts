import { z } from "zod";
import type { Tx } from "../db";
import type { Prisma } from "../generated/prisma/client";
import { decodeCursor, encodeCursor, pageOf } from "../paging";
import type { Actor } from "../permissions/actor";
import { whereMatching } from "./filter";
import { cursorTime } from "./order";
import { ownedBy } from "./queries";
import type { TokenChanges, TokenMatch } from "./schema";

/** Small batches keep other transactions from waiting long for the locks. */
const batchSize = 500;

/** The cut-off of the bulk change, and the creation time and id of the last token of the batch. */
const cursorShape = z.tuple([z.literal("batch"), cursorTime, cursorTime, z.uuid()]);

interface Batch {
  ids: string[];
  where: Prisma.TokenWhereInput;
  nextCursor: string | null;
}

/** The next tokens that matched the filter at the cut-off, without those created later. They are in order of creation,
 * which no change affects, so that each token comes once. Refuses `invalid` on `cursor`. */
export async function nextBatch(
  tx: Tx,
  who: Actor,
  { kind, ...match }: TokenMatch,
  { before, cursor, limit = batchSize }: Pick<TokenChanges, "before" | "cursor" | "limit">,
): Promise<Batch> {
  const [, firstCutOff, createdAt, id] = cursor === undefined ? [] : decodeCursor(cursor, cursorShape);
  const requestedCutOff = firstCutOff ?? before ?? who.now;
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
