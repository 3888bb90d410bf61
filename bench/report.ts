import { mkdir, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import type { Row } from "./row";

/** The rows of a section, or the reason why it could not run here. */
export interface Outcome {
  name: string;
  about: string;
  rows: Row[];
  failure: string | null;
}

const columns: { head: string; width: number; of(row: Row): string }[] = [
  { head: "", width: 54, of: ({ title }) => title },
  {
    head: "per s",
    width: 9,
    of: ({ perSecond = 0 }) => (perSecond > 0 ? perSecond.toFixed(perSecond < 10 ? 2 : 0) : ""),
  },
  { head: "of plain", width: 10, of: ({ ofRaw }) => figure(ofRaw, 3) },
  { head: "p50 ms", width: 9, of: ({ p50 }) => figure(p50, 2) },
  { head: "p99 ms", width: 9, of: ({ p99 }) => figure(p99, 2) },
  { head: "CPU µs", width: 9, of: ({ cpu }) => figure(cpu, 1) },
  { head: "+ SQL µs", width: 10, of: ({ databaseCpu }) => figure(databaseCpu, 1) },
  { head: "figure", width: 18, of: (row) => row.figure ?? "" },
];

/** Formats the table: a heading per section, a line per row with its budgets, and the notes at the end. */
export function tableOf(outcomes: Outcome[]): string {
  const notes: string[] = [];
  const lines = [line(columns.map(({ head }) => head)).concat("  budget")];
  for (const { about, rows, failure } of outcomes) {
    lines.push("", about);
    for (const row of rows) lines.push(...linesOf(row, notes));
    if (failure) lines.push(`  ✗ could not run here: ${failure}`);
  }
  return [...lines, "", ...notes.map((note, index) => `[${index + 1}] ${note}`)].join("\n");
}

function linesOf(row: Row, notes: string[]): string[] {
  if (row.note && !notes.includes(row.note)) notes.push(row.note);
  const mark = row.note ? ` [${notes.indexOf(row.note) + 1}]` : "";
  const [first = "", ...more] = (row.verdicts ?? []).map(
    ({ budget, measured, isMet }) => `  ${budget}: ${isMet ? "met" : "MISSED"} (${plain(measured)})`,
  );
  const empty = " ".repeat(columns.reduce((sum, { width }) => sum + width, 0));
  const cells = line(columns.map(({ of }, index) => (index === 0 ? of(row) + mark : of(row))));
  return [cells + first, ...more.map((verdict) => empty + verdict)].map((text) => text.trimEnd());
}

function line(cells: string[]): string {
  return cells
    .map((cell, index) =>
      index === 0 ? cell.padEnd(columns[0]?.width ?? 0) : cell.padStart(columns[index]?.width ?? 0),
    )
    .join("");
}

const figure = (value: number | undefined, digits: number) => (value === undefined ? "" : value.toFixed(digits));

const plain = (value: number) => String(Number(value.toFixed(value < 10 ? 3 : 1)));

/**
 * Writes everything to a file in `bench/results/` and returns its path.
 *
 * @param part which part of the bench was run, if not all of it. It is part of the file name, so that a part does not
 *   overwrite a whole run.
 */
export async function writeResults(outcomes: Outcome[], part: string[], settings: object): Promise<string> {
  const moment = new Date().toISOString();
  const machine = {
    processors: cpus().length,
    model: cpus()[0]?.model ?? "unknown",
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
  };
  const file = `bench/results/${[moment.slice(0, 10), ...part].join("-")}.json`;
  await mkdir("bench/results", { recursive: true });
  await writeFile(file, `${JSON.stringify({ moment, machine, ...settings, outcomes }, null, 2)}\n`);
  return file;
}
