import { z } from "zod";
import type { Prisma } from "../generated/prisma/client";
import { decodeCursor, encodeCursor } from "../paging";
import { type AppSort, appName, type SortableField } from "./schema";
import type { AppRow } from "./view";

type Direction = "asc" | "desc";
type Value = string | number | Date | null;

/** What it takes to sort by a field, and to go on after any place in that order. */
interface Order {
  valueIn: (row: AppRow) => Value;
  /** The value as a cursor carries it. */
  carried: z.ZodType<Value>;
  by: (direction: Direction) => Prisma.AppOrderByWithRelationInput;
  /** Those whose value is this, or fits this condition. */
  where: (value: unknown) => Prisma.AppWhereInput;
  /** Those without a value, and whether they come as the smallest or as the largest. */
  without?: { where: Prisma.AppWhereInput; others: Prisma.AppWhereInput; are: "smallest" | "largest" };
}

/** Milliseconds since 1970; up to the year 9999, which every store can hold. */
const cursorTime = z
  .int()
  .min(0)
  .max(Date.UTC(9999, 0))
  .transform((milliseconds) => new Date(milliseconds));

const orders: Record<SortableField, Order> = {
  name: {
    valueIn: (row) => row.name,
    carried: appName,
    by: (name) => ({ name }),
    where: (name) => ({ name: name as string }),
  },
  createdAt: {
    valueIn: (row) => row.createdAt,
    carried: cursorTime,
    by: (createdAt) => ({ createdAt }),
    where: (createdAt) => ({ createdAt: createdAt as Date }),
  },
  expiresAt: {
    valueIn: (row) => row.token?.expiresAt ?? null,
    carried: cursorTime.nullable(),
    by: (expiresAt) => ({ token: { expiresAt } }),
    where: (expiresAt) => ({ token: { expiresAt: expiresAt as Date } }),
    // An app without a token; where PostgreSQL puts null, since Prisma cannot say it of a relation.
    without: { where: { token: null }, others: { token: { isNot: null } }, are: "largest" },
  },
  runs: {
    valueIn: (row) => row.runs,
    carried: z.int32(),
    by: (runs) => ({ runs }),
    where: (runs) => ({ runs: runs as number }),
  },
  lastRunAt: {
    valueIn: (row) => row.lastRunAt,
    carried: cursorTime.nullable(),
    by: (sort) => ({ lastRunAt: { sort, nulls: sort === "asc" ? "first" : "last" } }),
    where: (lastRunAt) => ({ lastRunAt: lastRunAt as Date }),
    // Never is longer ago than any day.
    without: { where: { lastRunAt: null }, others: { lastRunAt: { not: null } }, are: "smallest" },
  },
};

/** By id where values are alike. */
export function orderOf(sort: AppSort): Prisma.AppOrderByWithRelationInput[] {
  const { order, direction } = partsOf(sort);
  return [order.by(direction), { id: direction }];
}

/** The place of a row in that order. */
export function cursorOf(sort: AppSort, row: AppRow): string {
  const value = partsOf(sort).order.valueIn(row);
  return encodeCursor([sort, value instanceof Date ? value.getTime() : value, row.id]);
}

/** What comes after a cursor. @throws Refusal `invalid` on `cursor` for one of another order. */
export function positionAfter(sort: AppSort, cursor: string): Prisma.AppWhereInput {
  const { order, direction } = partsOf(sort);
  const { carried, where, without } = order;
  const [, last, id] = decodeCursor(cursor, z.tuple([z.literal(sort), carried, z.uuid()]));
  const beyond = <T>(than: T) => (direction === "asc" ? { gt: than } : { lt: than });
  const comeLast = without?.are === (direction === "asc" ? "largest" : "smallest");
  if (last === null && without) {
    const alike = { AND: [without.where, { id: beyond(id) }] };
    return comeLast ? alike : { OR: [alike, without.others] };
  }
  const further = [where(beyond(last)), { AND: [where(last), { id: beyond(id) }] }];
  return { OR: without && comeLast ? [...further, without.where] : further };
}

function partsOf(sort: AppSort): { order: Order; direction: Direction } {
  return sort.startsWith("-")
    ? { order: orders[sort.slice(1) as SortableField], direction: "desc" }
    : { order: orders[sort as SortableField], direction: "asc" };
}
