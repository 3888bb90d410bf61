import type { Cell, ResultTable } from "./result";

/** Sorted by which column, and which way; null is the order of the result itself. */
export type ResultOrder = { column: number; descending: boolean } | null;

const collator = new Intl.Collator("en", { numeric: true });

/** The positions of the rows in this order. Empty cells come last either way; equal ones keep the order of the result. */
export function orderRows(table: ResultTable, order: ResultOrder): number[] {
  const positions = table.rows.map((_, at) => at);
  if (order === null) return positions;
  const cell = (at: number): Cell => table.rows[at]?.[order.column] ?? null;
  return positions.sort((one, other) => compare(cell(one), cell(other), order.descending));
}

function compare(one: Cell, other: Cell, descending: boolean): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  const ascending =
    typeof one === "number" && typeof other === "number" ? one - other : collator.compare(String(one), String(other));
  return descending ? -ascending : ascending;
}
