import { z } from "zod";
import type { Run } from "../db";
import { Prisma } from "../generated/prisma/client";
import { decodeCursor, encodeCursor, pageOf } from "../paging";
import type { Actor } from "../permissions/actor";
import { allOf, whereMatching } from "./filter";
import { cursorTime, orderOf } from "./order";
import { ownedBy } from "./queries";
import type { TokenChanges, TokenMatch } from "./schema";

/** Small batches keep other transactions from waiting long for the locks. */
const batchSize = 500;

/** The cut-off of the bulk change, and the creation time and id of the last token of the batch. */
const cursorShape = z.tuple([z.literal("batch"), cursorTime, cursorTime, z.uuid()]);

interface Batch {
  ids: string[];
  where: Prisma.Sql;
  nextCursor: string | null;
}

/** The next tokens that matched the filter at the cut-off, without those created later. They are in order of creation,
 * which no change affects, so that each token comes once. Refuses `invalid` on `cursor`. */
export async function nextBatch(
  run: Run,
  who: Actor,
  { kind, ...match }: TokenMatch,
  { before, cursor, limit = batchSize }: Pick<TokenChanges, "before" | "cursor" | "limit">,
): Promise<Batch> {
  const [, firstCutOff, createdAt, id] = cursor === undefined ? [] : decodeCursor(cursor, cursorShape);
  const requestedCutOff = firstCutOff ?? before ?? who.now;
  const cutOff = new Date(Math.min(requestedCutOff.getTime(), who.now.getTime()));
  const isInTime = Prisma.sql`t.created_at <= ${cutOff}::timestamptz`;
  const where = allOf([Prisma.sql`t.kind = ${kind}::token_kind`, isInTime, whereMatching(match, cutOff)]);
  const which = allOf([ownedBy(who), where, ...(createdAt && id ? [after(createdAt, id)] : [])]);
  const rows = await run<{ id: string; createdAt: Date }>(Prisma.sql`
    SELECT t.id, t.created_at AS "createdAt" FROM tokens t WHERE ${which}
    ORDER BY ${orderOf("createdAt")} LIMIT ${limit + 1}::int`);
  const { items, nextCursor } = pageOf(
    rows,
    limit,
    (row) => encodeCursor(["batch", cutOff.getTime(), row.createdAt.getTime(), row.id]),
    (row) => row.id,
  );
  return { ids: items, where, nextCursor };
}

const after = (createdAt: Date, id: string): Prisma.Sql =>
  Prisma.sql`t.created_at >= ${createdAt}::timestamptz AND (t.created_at, t.id) > (${createdAt}::timestamptz, ${id}::uuid)`;
