import type { Cell } from "./result";

const collator = new Intl.Collator("en", { numeric: true });

/** Compares two cells that are not empty, ascending: numbers by size, everything else as text. */
export function compareCells(one: NonNullable<Cell>, other: NonNullable<Cell>): number {
  return typeof one === "number" && typeof other === "number"
    ? one - other
    : collator.compare(String(one), String(other));
}
