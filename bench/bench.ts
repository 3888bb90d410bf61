import { ensureBuilt } from "@/lib/server/build";
import { CannotStart, note, step } from "@/lib/server/steps";
import { startLoadGenerator } from "./load-generator";
import { once } from "./once";
import { startProduct } from "./product";
import { readmeTable } from "./readme-table";
import { type Outcome, tableOf, writeResults } from "./report";
import type { Bench, Section } from "./section";
import { autocannon } from "./sections/autocannon";
import { changes } from "./sections/changes";
import { growth } from "./sections/growth";
import { javascript } from "./sections/javascript";
import { lighthouse } from "./sections/lighthouse";
import { lists } from "./sections/lists";
import { memory } from "./sections/memory";
import { pages } from "./sections/pages";
import { besidePeers } from "./sections/peers";
import { revocation } from "./sections/revocation";
import { runs } from "./sections/runs";
import { scale } from "./sections/scale";
import { signIn } from "./sections/sign-in";
import { spelled } from "./sections/spellings";
import { start } from "./sections/start";
import { verification } from "./sections/verification";
import { sizes } from "./sizes";
import { fillStock } from "./stock";

const sections: Section[] = [
  verification,
  spelled,
  autocannon,
  besidePeers,
  growth,
  revocation,
  lists,
  changes,
  runs,
  pages,
  signIn,
  scale,
  memory,
  start,
  javascript,
  lighthouse,
];

/**
 * Measures, prints one table and writes the figures to `bench/results/`.
 *
 * @param args `--quick` for a reduced run; names of sections, to run only those; or `--table` alone, and optionally a result
 *   file, to print the README's table of a run instead of measuring.
 * @returns whether all sections could run here. A missed budget is shown in the table and does not count as a failure.
 * @throws CannotStart for an unknown section.
 */
export async function bench(args: string[]): Promise<boolean> {
  if (args[0] === "--table") {
    console.log(`\n${await readmeTable(args[1])}\n`);
    return true;
  }
  const size = args.includes("--quick") ? "quick" : "full";
  const names = args.filter((arg) => arg !== "--quick");
  const unknown = names.find((name) => !sections.some((section) => section.name === name));
  if (unknown) {
    throw new CannotStart(
      `There is no section ${unknown}. The sections are ${sections.map(({ name }) => name).join(", ")}.`,
    );
  }
  const wanted = sections.filter(({ name }) => names.length === 0 || names.includes(name));

  const { bench, stop } = createBench(size);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"]) {
    process.once(signal, () => stop().finally(() => process.exit(130)));
  }
  const outcomes: Outcome[] = [];
  try {
    await step("Pages", ensureBuilt);
    for (const section of wanted) {
      await step(section.name, async () => {
        const outcome = await runSection(section, bench);
        outcomes.push(outcome);
        return outcome.failure === null ? `${outcome.rows.length} rows` : "could not run here";
      });
    }
    // The figures are written before the servers are stopped, which may fail.
    console.log(`\n${tableOf(outcomes)}\n`);
    const part = [...(size === "quick" ? [size] : []), ...names];
    console.log(`  Written to ${await writeResults(outcomes, part, { size, sizes: sizes[size] })}.\n`);
  } finally {
    await stop();
  }
  return outcomes.every(({ failure }) => failure === null);
}

/** A section that cannot run gives its reason, and the other sections run. */
async function runSection(section: Section, bench: Bench): Promise<Outcome> {
  const { name, about } = section;
  try {
    return { name, about, rows: await section.run(bench), failure: null };
  } catch (error) {
    return { name, about, rows: [], failure: (error as Error).message };
  }
}

function createBench(size: keyof typeof sizes): { bench: Bench; stop(): Promise<void> } {
  const say = (text: string) => note("", text);
  const generator = startLoadGenerator();
  const stock = once(() => fillStock(sizes[size], say));
  const product = once(async () => {
    await stock.get();
    return startProduct();
  });
  return {
    bench: { sizes: sizes[size], generator, say, stock: stock.get, product: product.get },
    stop: async () => {
      generator.stop();
      await (await product.peek())?.stop();
      await (await stock.peek())?.stop();
    },
  };
}
