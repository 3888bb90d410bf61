import { z } from "zod";
import { invalid } from "./errors";

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

const cursorLengthMax = 1_000;

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(25).describe("Maximum number of items."),
  cursor: z.string().max(cursorLengthMax).optional().describe("The `nextCursor` of the previous page."),
});

export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export function encodeCursor(parts: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/** Refuses `invalid` on `cursor` when it does not have the shape. */
export function decodeCursor<T>(cursor: string, shape: z.ZodType<T>): T {
  const text = Buffer.from(cursor.slice(0, cursorLengthMax), "base64url").toString();
  // Only a forged cursor has escapes of characters that the database cannot store: NUL and half surrogate pairs.
  const parsed = shape.safeParse(/\\u(0000|d[89a-f])/i.test(text) ? undefined : parseJsonOrUndefined(text));
  if (!parsed.success) throw invalid("cursor", "This cursor doesn't belong to this list. Start again without it.");
  return parsed.data;
}

function parseJsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The query must read one row more than `limit`, which tells that there is another page. */
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
