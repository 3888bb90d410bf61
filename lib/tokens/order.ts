import { z } from "zod";
import { Prisma } from "../generated/prisma/client";
import { decodeCursor, encodeCursor } from "../paging";
import { type SortableField, type TokenSort, tokenName } from "./schema";
import type { TokenRow } from "./view";

const columns = {
  name: { property: "sortName", stored: "sort_name", shown: "name" },
  createdAt: { property: "createdAt", stored: "created_at", shown: "createdAt" },
  expiresAt: { property: "expiresAt", stored: "expires_at", shown: "expiresAt" },
  lastUsed: { property: "lastUsedAt", stored: "last_used_at", shown: "lastUsedAt" },
} as const satisfies Record<SortableField, { property: string; stored: string; shown: keyof TokenRow }>;

/** A token that was never used sorts as if it had been used before all others. */
const nullsIn = (direction: Direction) => (direction === "asc" ? "first" : "last");

/** The order of a list, for Prisma. The id decides between equal values. */
export function orderOf(sort: TokenSort): Prisma.TokenOrderByWithRelationInput[] {
  const { field, direction } = partsOf(sort);
  const { property } = columns[field];
  // Prisma accepts `nulls` only for a column that can be null.
  const byField =
    property === "lastUsedAt"
      ? { lastUsedAt: { sort: direction, nulls: nullsIn(direction) } as const }
      : { [property]: direction };
  return [byField, { id: direction }];
}

/** The same order as SQL on `tokens t`. */
export function orderSqlOf(sort: TokenSort): Prisma.Sql {
  const { field, direction } = partsOf(sort);
  return Prisma.raw(`t.${columns[field].stored} ${direction} NULLS ${nullsIn(direction)}, t.id ${direction}`);
}

export function cursorOf(sort: TokenSort, row: TokenRow): string {
  const value = row[columns[partsOf(sort).field].shown];
  return encodeCursor([sort, value instanceof Date ? value.getTime() : value, row.id]);
}

/** The conditions for rows after a cursor, one for each range of the index, in order. Each is entered at its start, so
 * that the last page costs as much as the first. Refuses `invalid` on a `cursor` of another order. */
export function rangesAfter(sort: TokenSort, cursor: string): Prisma.TokenWhereInput[] {
  const { field, direction } = partsOf(sort);
  const value = field === "name" ? tokenName : field === "lastUsed" ? cursorTime.nullable() : cursorTime;
  const [, last, id] = decodeCursor(cursor, z.tuple([z.literal(sort), value, z.uuid()]));
  const on = (condition: unknown) => ({ [columns[field].property]: condition }) as Prisma.TokenWhereInput;
  const beyond = (than: unknown) => (direction === "asc" ? { gt: than } : { lt: than }) as { gt: string };
  const equal = { ...on(last), id: beyond(id) };
  if (last === null) return direction === "asc" ? [equal, { lastUsedAt: { not: null } }] : [equal];
  // The bound is redundant, but lets PostgreSQL start in the index at the cursor.
  const further = { ...on(direction === "asc" ? { gte: last } : { lte: last }), OR: [on(beyond(last)), equal] };
  return field === "lastUsed" && direction === "desc" ? [further, { lastUsedAt: null }] : [further];
}

/** Milliseconds since 1970, up to the year 9999, which PostgreSQL can store. */
export const cursorTime = z
  .int()
  .min(0)
  .max(Date.UTC(9999, 0))
  .transform((milliseconds) => new Date(milliseconds));

function partsOf(sort: TokenSort): { field: SortableField; direction: Direction } {
  return sort.startsWith("-")
    ? { field: sort.slice(1) as SortableField, direction: "desc" }
    : { field: sort as SortableField, direction: "asc" };
}

type Direction = "asc" | "desc";
