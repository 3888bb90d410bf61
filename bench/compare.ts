import { type Budget, judge, type Row } from "./row";

/** Two rows of one run, by their titles, and the line of the README's table for their ratio. */
export interface Comparison {
  row: string;
  to: string;
  what: string;
  beside: string;
  /** The figure that is compared; requests per second by default. */
  figure?: "perSecond" | "p50";
  budget?: Budget;
}

/** Adds the ratios to the rows. A peer that did not run has no figure, so there is no ratio to it. */
export function withComparisons(rows: Row[], comparisons: Comparison[]): Row[] {
  const byTitle = new Map(rows.map((row) => [row.title, row]));
  for (const comparison of comparisons) {
    const [row, other] = [byTitle.get(comparison.row), byTitle.get(comparison.to)];
    if (!row || !other) throw new Error(`There is no row ${row ? comparison.to : comparison.row}.`);
    byTitle.set(row.title, compare(row, other, comparison));
  }
  return rows.map((row) => byTitle.get(row.title) ?? row);
}

function compare(row: Row, other: Row, { what, beside, figure = "perSecond", budget }: Comparison): Row {
  const [own, others] = [row[figure], other[figure]];
  if (own === undefined || others === undefined) return row;
  const ratio = own / others;
  const { comparisons = [], verdicts = [] } = row;
  const limit = budget && { is: budget.is, limit: budget.limit };
  return {
    ...row,
    figure: row.figure ?? `${ratio.toFixed(2)} ×`,
    comparisons: [...comparisons, { what, beside, ratio, ...limit }],
    verdicts: budget ? [...verdicts, judge(budget, ratio)] : verdicts,
  };
}
