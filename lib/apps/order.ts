import { z } from "zod";
import type { Prisma } from "../generated/prisma/client";
import { decodeCursor, encodeCursor } from "../paging";
import { type AppSort, appName, type SortableField } from "./schema";
import type { AppRow } from "./view";

/** By id where values are alike. Apps without a token come where PostgreSQL puts null: last, in descending order first. */
export function orderOf(sort: AppSort): Prisma.AppOrderByWithRelationInput[] {
  const { field, direction } = partsOf(sort);
  const byField = field === "expiresAt" ? { token: { expiresAt: direction } } : { [field]: direction };
  return [byField, { id: direction }];
}

/** The place of a row in that order. */
export function cursorOf(sort: AppSort, row: AppRow): string {
  const { field } = partsOf(sort);
  const value = field === "expiresAt" ? (row.token?.expiresAt ?? null) : row[field];
  return encodeCursor([sort, value instanceof Date ? value.getTime() : value, row.id]);
}

/** What comes after a cursor. @throws Refusal `invalid` on `cursor` for one of another order. */
export function positionAfter(sort: AppSort, cursor: string): Prisma.AppWhereInput {
  const { field, direction } = partsOf(sort);
  const value = field === "name" ? appName : field === "expiresAt" ? moment.nullable() : moment;
  const [, last, id] = decodeCursor(cursor, z.tuple([z.literal(sort), value, z.uuid()]));
  const beyond = (than: unknown) => (direction === "asc" ? { gt: than } : { lt: than }) as { gt: string };
  if (field !== "expiresAt") {
    return { OR: [{ [field]: beyond(last) }, { AND: [{ [field]: last }, { id: beyond(id) }] }] };
  }
  const withoutToken = { token: null };
  if (last === null) {
    const alike = { AND: [withoutToken, { id: beyond(id) }] };
    return direction === "asc" ? alike : { OR: [alike, { token: { isNot: null } }] };
  }
  const further: Prisma.AppWhereInput[] = [
    { token: { expiresAt: beyond(last) } },
    { AND: [{ token: { expiresAt: last as Date } }, { id: beyond(id) }] },
  ];
  return { OR: direction === "asc" ? [...further, withoutToken] : further };
}

/** Milliseconds since 1970; up to the year 9999, which every store can hold. */
const moment = z
  .int()
  .min(0)
  .max(Date.UTC(9999, 0))
  .transform((milliseconds) => new Date(milliseconds));

function partsOf(sort: AppSort): { field: SortableField; direction: "asc" | "desc" } {
  return sort.startsWith("-")
    ? { field: sort.slice(1) as SortableField, direction: "desc" }
    : { field: sort as SortableField, direction: "asc" };
}
