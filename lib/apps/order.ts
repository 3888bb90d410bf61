import { z } from "zod";
import type { Prisma } from "../generated/prisma/client";
import { decodeCursor, encodeCursor } from "../paging";
import { type AppSort, appName, type SortableField } from "./schema";
import type { AppRow } from "./view";

type Direction = "asc" | "desc";
type Value = string | number | Date | null;

interface Order {
  valueOf: (row: AppRow) => Value;
  cursorValue: z.ZodType<Value>;
  by: (direction: Direction) => Prisma.AppOrderByWithRelationInput;
  /** Selects the apps whose value equals this one or meets this condition. */
  where: (value: unknown) => Prisma.AppWhereInput;
  /** How apps without a value are selected, and whether they sort as the smallest or the largest. */
  absent?: { where: Prisma.AppWhereInput; others: Prisma.AppWhereInput; are: "smallest" | "largest" };
}

/** Milliseconds since 1970, up to the year 9999, which PostgreSQL can store. */
const cursorTime = z
  .int()
  .min(0)
  .max(Date.UTC(9999, 0))
  .transform((ms) => new Date(ms));

const orders: Record<SortableField, Order> = {
  name: {
    valueOf: (row) => row.name,
    cursorValue: appName,
    by: (sortName) => ({ sortName }),
    where: (sortName) => ({ sortName: sortName as string }),
  },
  createdAt: {
    valueOf: (row) => row.createdAt,
    cursorValue: cursorTime,
    by: (createdAt) => ({ createdAt }),
    where: (createdAt) => ({ createdAt: createdAt as Date }),
  },
  expiresAt: {
    valueOf: (row) => row.token?.expiresAt ?? null,
    cursorValue: cursorTime.nullable(),
    by: (expiresAt) => ({ token: { expiresAt } }),
    where: (expiresAt) => ({ token: { expiresAt: expiresAt as Date } }),
    // PostgreSQL sorts null as the largest, and Prisma cannot change that for a relation.
    absent: { where: { token: null }, others: { token: { isNot: null } }, are: "largest" },
  },
  runs: {
    valueOf: (row) => row.runs,
    cursorValue: z.int32(),
    by: (runs) => ({ runs }),
    where: (runs) => ({ runs: runs as number }),
  },
  lastRunAt: {
    valueOf: (row) => row.lastRunAt,
    cursorValue: cursorTime.nullable(),
    by: (sort) => ({ lastRunAt: { sort, nulls: sort === "asc" ? "first" : "last" } }),
    where: (lastRunAt) => ({ lastRunAt: lastRunAt as Date }),
    // An app that was never run counts as run before all others.
    absent: { where: { lastRunAt: null }, others: { lastRunAt: { not: null } }, are: "smallest" },
  },
};

export function orderOf(sort: AppSort): Prisma.AppOrderByWithRelationInput[] {
  const { order, direction } = partsOf(sort);
  return [order.by(direction), { id: direction }];
}

export function cursorOf(sort: AppSort, row: AppRow): string {
  const value = partsOf(sort).order.valueOf(row);
  return encodeCursor([sort, value instanceof Date ? value.getTime() : value, row.id]);
}

/** Selects the apps after a cursor. Refuses `invalid` on a `cursor` of another order. */
export function positionAfter(sort: AppSort, cursor: string): Prisma.AppWhereInput {
  const { order, direction } = partsOf(sort);
  const { cursorValue, where, absent } = order;
  const [, last, id] = decodeCursor(cursor, z.tuple([z.literal(sort), cursorValue, z.uuid()]));
  const beyond = <T>(value: T) => (direction === "asc" ? { gt: value } : { lt: value });
  const absentIsLast = absent?.are === (direction === "asc" ? "largest" : "smallest");
  if (last === null && absent) {
    const equal = { AND: [absent.where, { id: beyond(id) }] };
    return absentIsLast ? equal : { OR: [equal, absent.others] };
  }
  const after = [where(beyond(last)), { AND: [where(last), { id: beyond(id) }] }];
  return { OR: absent && absentIsLast ? [...after, absent.where] : after };
}

function partsOf(sort: AppSort): { order: Order; direction: Direction } {
  return sort.startsWith("-")
    ? { order: orders[sort.slice(1) as SortableField], direction: "desc" }
    : { order: orders[sort as SortableField], direction: "asc" };
}
