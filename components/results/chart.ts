import type { ResultColumn, ResultTable } from "./result";

export const chartKinds = ["bars", "line"] as const;
export type ChartKind = (typeof chartKinds)[number];

/** Which columns a chart shows, by their position in the table, and how. */
export interface Chart {
  kind: ChartKind;
  x: number;
  y: number;
}

export interface ChartPoint {
  x: string | number | Date;
  y: number;
}

/** What the values of a column mean on an axis. */
type AxisKind = "time" | "number" | "text";

/** More marks would be too narrow to see. The table shows all rows. */
const pointsMax = { bars: 60, line: 5_000 } satisfies Record<ChartKind, number>;

/** The first chart of a table: a line over the first column of times, else bars over the first column of texts or numbers.
 * Null for a table with fewer than two rows or without a column of numbers beside that. */
export function firstChart(table: ResultTable): Chart | null {
  const { columns } = table;
  const axes = columns.map((_, at) => axisKindOf(table, at));
  const x = [
    axes.indexOf("time"),
    axes.indexOf("text"),
    axes.findIndex((kind, at) => kind === "number" && isLabel(columns[at])),
  ].find((at) => at >= 0);
  const numbers = measuresOf(table).filter((at) => at !== x);
  const y = numbers.find((at) => !isLabel(columns[at])) ?? numbers[0];
  if (table.rows.length < 2 || y === undefined) return null;
  const first = x ?? numbers.find((at) => at !== y);
  return first === undefined ? null : { x: first, y, kind: axes[first] === "text" ? "bars" : "line" };
}

/** The positions of the columns that have numbers. */
export const measuresOf = ({ columns }: ResultTable): number[] =>
  columns.flatMap(({ kind }, at) => (kind === "number" ? [at] : []));

/** Numbers that name something rather than measure it. */
const isLabel = (column: ResultColumn | undefined) =>
  /^(?:id|.*_id|lat(?:itude)?|lon(?:gitude)?|lng|year|month)$/i.test(column?.name ?? "");

/** The points of a chart, and how many rows are left out: those without a value and those beyond the limit. A line is
 * ordered along x. */
export function pointsOf(table: ResultTable, { kind, x, y }: Chart): { points: ChartPoint[]; omitted: number } {
  const axis = axisKindOf(table, x);
  const points = table.rows.flatMap((row): ChartPoint[] => {
    const [at, value] = [row[x] ?? null, row[y] ?? null];
    const number = value === null ? Number.NaN : Number(value);
    return at === null || !Number.isFinite(number) ? [] : [{ x: positionOn(axis, at), y: number }];
  });
  if (kind === "line" && axis !== "text") points.sort((one, other) => Number(one.x) - Number(other.x));
  const shown = points.slice(0, pointsMax[kind]);
  return { points: shown, omitted: table.rows.length - shown.length };
}

function positionOn(axis: AxisKind, text: string): ChartPoint["x"] {
  if (axis === "time") return new Date(text);
  return axis === "number" ? Number(text) : text;
}

const time = /^\d{4}-(?:0[1-9]|1[0-2])(?:-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?$/;

function axisKindOf({ columns, rows }: ResultTable, at: number): AxisKind {
  if (columns[at]?.kind === "number") return "number";
  const filled = rows.map((row) => row[at] ?? null).filter((cell) => cell !== null);
  const isTime = (text: string) => time.test(text) && !Number.isNaN(Date.parse(text));
  return filled.length > 0 && filled.every(isTime) ? "time" : "text";
}
