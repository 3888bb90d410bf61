import { z } from "zod";
import { Prisma } from "../generated/prisma/client";
import { decodeCursor, encodeCursor } from "../paging";
import { type SortableField, type TokenSort, tokenName } from "./schema";
import type { TokenRow } from "./view";

const columns = { name: "name", createdAt: "createdAt", expiresAt: "expiresAt", lastUsed: "lastUsedAt" } as const;
const storedColumns = {
  name: "name",
  createdAt: "created_at",
  expiresAt: "expires_at",
  lastUsed: "last_used_at",
} as const;

/** Never used counts as used before everything else. */
export function orderOf(sort: TokenSort): Prisma.TokenOrderByWithRelationInput[] {
  const { field, direction } = partsOf(sort);
  const byField =
    field === "lastUsed"
      ? { lastUsedAt: { sort: direction, nulls: direction === "asc" ? "first" : "last" } as const }
      : { [columns[field]]: direction };
  return [byField, { id: direction }];
}

/** The same order for a statement of our own on `tokens t`. */
export function orderSqlOf(sort: TokenSort): Prisma.Sql {
  const { field, direction } = partsOf(sort);
  const nulls = direction === "asc" ? "FIRST" : "LAST";
  return Prisma.raw(`t.${storedColumns[field]} ${direction} NULLS ${nulls}, t.id ${direction}`);
}

/** The place of a row in that order: its value, and its id where values are alike. */
export function cursorOf(sort: TokenSort, row: TokenRow): string {
  const value = row[columns[partsOf(sort).field]];
  return encodeCursor([sort, value instanceof Date ? value.getTime() : value, row.id]);
}

/**
 * What comes after a cursor, as stretches of the order, one after the other: the index is entered at the beginning of each, so
 * that the last page costs what the first does.
 *
 * @throws Refusal `invalid` on `cursor` for one of another order.
 */
export function rangesAfter(sort: TokenSort, cursor: string): Prisma.TokenWhereInput[] {
  const { field, direction } = partsOf(sort);
  const value = field === "name" ? tokenName : field === "lastUsed" ? cursorTime.nullable() : cursorTime;
  const [, last, id] = decodeCursor(cursor, z.tuple([z.literal(sort), value, z.uuid()]));
  const on = (condition: unknown) => ({ [columns[field]]: condition }) as Prisma.TokenWhereInput;
  const beyond = (than: unknown) => (direction === "asc" ? { gt: than } : { lt: than }) as { gt: string };
  const alike = { ...on(last), id: beyond(id) };
  if (last === null) return direction === "asc" ? [alike, { lastUsedAt: { not: null } }] : [alike];
  // The bound says nothing new; it lets the index start at the place instead of walking there.
  const further = { ...on(direction === "asc" ? { gte: last } : { lte: last }), OR: [on(beyond(last)), alike] };
  return field === "lastUsed" && direction === "desc" ? [further, { lastUsedAt: null }] : [further];
}

/** A moment in a cursor: milliseconds since 1970, up to the year 9999, which every store can hold. */
export const cursorTime = z
  .int()
  .min(0)
  .max(Date.UTC(9999, 0))
  .transform((milliseconds) => new Date(milliseconds));

function partsOf(sort: TokenSort): { field: SortableField; direction: "asc" | "desc" } {
  return sort.startsWith("-")
    ? { field: sort.slice(1) as SortableField, direction: "desc" }
    : { field: sort as SortableField, direction: "asc" };
}
