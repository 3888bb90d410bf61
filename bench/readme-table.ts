import { readdir, readFile } from "node:fs/promises";
import { CannotStart } from "@/lib/server/steps";
import type { Outcome } from "./report";
import type { Compared } from "./row";

const folder = "bench/results";
/** A part of the bench has further words in the name of its file. */
const wholeRun = /^\d{4}-\d{2}-\d{2}\.json$/;

interface Results {
  moment: string;
  machine: { processors: number; node: string };
  outcomes: Outcome[];
}

/**
 * The README's table in Markdown: the ratios of a run, without absolute figures.
 *
 * @param file the result file of a run. Without it, the newest whole run is taken.
 * @throws CannotStart when there is none, or when it has no ratios.
 */
export async function readmeTable(file?: string): Promise<string> {
  const path = file ?? (await newestWholeRun());
  const { moment, machine, outcomes }: Results = JSON.parse(await readFile(path, "utf8"));
  const ratios = outcomes.flatMap(({ rows }) => rows).flatMap(({ comparisons = [] }) => comparisons);
  if (ratios.length === 0) throw new CannotStart(`${path} has no ratios. Run the whole bench again.`);
  const lines = [...groupOf(ratios).values()].map((group) => lineOf(worstOf(group)));
  return [
    "| what | beside | ratio | goal |",
    "| --- | --- | --- | --- |",
    ...lines,
    "",
    `Measured on ${moment.slice(0, 10)} by \`npm run bench\` on ${machine.processors} processors with Node ${machine.node.slice(1)}.`,
  ].join("\n");
}

async function newestWholeRun(): Promise<string> {
  const newest = (await readdir(folder))
    .filter((name) => wholeRun.test(name))
    .sort()
    .at(-1);
  if (newest === undefined) throw new CannotStart(`There is no whole run in ${folder}. Run npm run bench first.`);
  return `${folder}/${newest}`;
}

/** Several rows can make one line of the table, which then shows the worst of them. */
function groupOf(ratios: Compared[]): Map<string, Compared[]> {
  const groups = new Map<string, Compared[]>();
  for (const ratio of ratios) {
    const key = `${ratio.what}\0${ratio.beside}`;
    groups.set(key, [...(groups.get(key) ?? []), ratio]);
  }
  return groups;
}

function worstOf(group: Compared[]): Compared {
  return group.reduce((a, b) => ((a.is === "≤" ? a.ratio > b.ratio : a.ratio < b.ratio) ? a : b));
}

function lineOf({ what, beside, ratio, is, limit }: Compared): string {
  const shown = ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0);
  const goal = is === undefined ? "" : `${is} ${limit}`;
  return `| ${what} | ${beside} | ${shown} × | ${goal} |`;
}
