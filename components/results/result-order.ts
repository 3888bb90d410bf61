import type { Cell } from "./result";

const collator = new Intl.Collator("en", { numeric: true });

/** Compares two cells for an ascending order: numbers by value, all other cells as text. */
export function compareCells(one: NonNullable<Cell>, other: NonNullable<Cell>): number {
  return typeof one === "number" && typeof other === "number"
    ? one - other
    : collator.compare(String(one), String(other));
}
