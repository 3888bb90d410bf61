import { z } from "zod";
import { Prisma } from "../generated/prisma/client";
import { decodeCursor, encodeCursor } from "../paging";
import { type SortableField, type TokenSort, tokenName } from "./schema";
import type { TokenRow } from "./view";

const columns = {
  name: { stored: Prisma.sql`t.sort_name`, type: Prisma.sql`text`, shown: "name" },
  createdAt: { stored: Prisma.sql`t.created_at`, type: Prisma.sql`timestamptz`, shown: "createdAt" },
  expiresAt: { stored: Prisma.sql`t.expires_at`, type: Prisma.sql`timestamptz`, shown: "expiresAt" },
  lastUsed: { stored: Prisma.sql`t.last_used_at`, type: Prisma.sql`timestamptz`, shown: "lastUsedAt" },
} as const satisfies Record<SortableField, { stored: Prisma.Sql; type: Prisma.Sql; shown: keyof TokenRow }>;

/** The order of a list, as SQL on `tokens t`. The id decides between equal values. */
export function orderOf(sort: TokenSort): Prisma.Sql {
  const { field, direction } = partsOf(sort);
  const { stored } = columns[field];
  // A token that was never used sorts as if it had been used before all others, which is the order of its index. The
  // others, whose columns are never null, have the usual one.
  const nulls = direction === "asc" ? Prisma.sql`NULLS FIRST` : Prisma.sql`NULLS LAST`;
  const way = direction === "asc" ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  return Prisma.sql`${stored} ${way} ${field === "lastUsed" ? nulls : Prisma.empty}, t.id ${way}`;
}

export function cursorOf(sort: TokenSort, row: TokenRow): string {
  const value = row[columns[partsOf(sort).field].shown];
  return encodeCursor([sort, value instanceof Date ? value.getTime() : value, row.id]);
}

/** The conditions on `tokens t` for rows after a cursor, one for each range of the index, in order. Each is entered at its
 * start, so that the last page costs as much as the first. Refuses `invalid` on a `cursor` of another order. */
export function rangesAfter(sort: TokenSort, cursor: string): Prisma.Sql[] {
  const { field, direction } = partsOf(sort);
  const value = field === "name" ? tokenName : field === "lastUsed" ? cursorTime.nullable() : cursorTime;
  const [, last, id] = decodeCursor(cursor, z.tuple([z.literal(sort), value, z.uuid()]));
  const { stored, type } = columns[field];
  const beyond = direction === "asc" ? Prisma.sql`>` : Prisma.sql`<`;
  const laterId = Prisma.sql`t.id ${beyond} ${id}::uuid`;
  if (last === null) {
    const equal = Prisma.sql`${stored} IS NULL AND ${laterId}`;
    return direction === "asc" ? [equal, Prisma.sql`${stored} IS NOT NULL`] : [equal];
  }
  const position = Prisma.sql`${last}::${type}`;
  // The bound is redundant, but lets PostgreSQL start in the index at the cursor.
  const further = Prisma.sql`${stored} ${beyond}= ${position}
    AND (${stored} ${beyond} ${position} OR (${stored} = ${position} AND ${laterId}))`;
  return field === "lastUsed" && direction === "desc" ? [further, Prisma.sql`${stored} IS NULL`] : [further];
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
