import { z } from "zod";
import { invalid } from "./errors";

/** One page of a list; `nextCursor` is null on the last. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** `?limit=&cursor=` of every list. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(25).describe("How many at most."),
  cursor: z.string().max(1000).optional().describe("`nextCursor` of the page before."),
});

/** The shape of one page, for the API document. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** A cursor is the sort key of the last item and its id, opaque to callers. */
export function encodeCursor(parts: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/** Takes a cursor apart. @throws Refusal `invalid` on `cursor` when it does not fit the shape. */
export function decodeCursor<T>(cursor: string, shape: z.ZodType<T>): T {
  const text = Buffer.from(cursor, "base64url").toString();
  // Only a forged one has escapes of what the database cannot hold: NUL and halves of surrogate pairs.
  const parsed = shape.safeParse(/\\u(0000|d[89a-f])/i.test(text) ? undefined : parseJsonOrUndefined(text));
  if (!parsed.success) throw invalid("cursor", "This cursor is not one of this list; start again without it.");
  return parsed.data;
}

function parseJsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A page from one row more than asked for: that row only says that there are more. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => string,
  viewOf: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(viewOf), nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
