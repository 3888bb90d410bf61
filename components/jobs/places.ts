import type { Cell, ResultTable } from "./result";

const radiusPlain = 5;
const radiusMost = 20;

/** The radius of a row's dot in pixels: by its magnitude where the result has one. */
export function radiusOf(table: ResultTable, row: number): number {
  const magnitude = cellNamed(table, row, /^mag(nitude)?$/i);
  return typeof magnitude === "number" ? Math.min(radiusMost, 3 + 1.75 * Math.max(0, magnitude)) : radiusPlain;
}

/** What a row is called: its title, place or name, else its first text, else its number. */
export function titleOf(table: ResultTable, row: number): string {
  const title =
    cellNamed(table, row, /^(title|place|name)$/i) ?? table.rows[row]?.find((cell) => typeof cell === "string");
  return title === undefined || title === null ? `Row ${row + 1}` : String(title);
}

function cellNamed(table: ResultTable, row: number, name: RegExp): Cell | undefined {
  const at = table.columns.findIndex((column) => name.test(column.name));
  return at === -1 ? undefined : table.rows[row]?.[at];
}
