import type { Cell } from "./result";

const collator = new Intl.Collator("en", { numeric: true });

/** Compares two texts of cells for an ascending order: numbers by value, with every digit, all other cells as text. */
export function compareCells(one: NonNullable<Cell>, other: NonNullable<Cell>, kind: "number" | "text"): number {
  if (kind === "text") return collator.compare(one, other);
  const [a, b] = [numberOf(one), numberOf(other)];
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a === b ? compareDigits(one, other) : a < b ? -1 : 1;
}

/** CSV has the names that DuckDB gives to infinity and NaN. NaN is the greatest, as in DuckDB. */
function numberOf(text: string): number {
  if (/inf/i.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}

/** Compares two numbers that JavaScript rounds to the same number. */
function compareDigits(one: string, other: string): number {
  const [a, b] = [decimalOf(one), decimalOf(other)];
  if (a.sign !== b.sign) return a.sign - b.sign;
  const magnitude = a.exponent - b.exponent || Number(a.digits > b.digits) - Number(a.digits < b.digits);
  return a.sign * magnitude || 0;
}

/** The significant digits, and the power of ten of the first one. The sign of zero is 0. */
function decimalOf(text: string): { sign: number; digits: string; exponent: number } {
  const [, whole = "", fraction = "", power = "0"] = /^-?(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const all = whole + fraction;
  const first = all.search(/[1-9]/);
  if (first === -1) return { sign: 0, digits: "", exponent: 0 };
  const digits = all.slice(first).replace(/0+$/, "");
  return { sign: text.startsWith("-") ? -1 : 1, digits, exponent: whole.length - first + Number(power) };
}
