import { ensureBuilt } from "@/lib/server/build";
import { CannotStart, note, step } from "@/lib/server/steps";
import { loadGenerator } from "./load-generator";
import { once } from "./once";
import { startProduct } from "./product";
import { keepResults, type Outcome, tableOf } from "./report";
import type { Bench, Section } from "./section";
import { growth } from "./sections/growth";
import { javascript } from "./sections/javascript";
import { lighthouse } from "./sections/lighthouse";
import { lists } from "./sections/lists";
import { memory } from "./sections/memory";
import { pages } from "./sections/pages";
import { besidePeers } from "./sections/peers";
import { revocation } from "./sections/revocation";
import { signIn } from "./sections/sign-in";
import { start } from "./sections/start";
import { verification } from "./sections/verification";
import { sizes } from "./sizes";
import { fillStock } from "./stock";

const sections: Section[] = [
  verification,
  besidePeers,
  growth,
  revocation,
  lists,
  pages,
  signIn,
  memory,
  start,
  javascript,
  lighthouse,
];

/**
 * Measures, prints one table and keeps the figures in `bench/results/`.
 *
 * @param args `--quick` for a twentieth of everything; names of sections to run only those.
 * @returns whether all of them could run here. A budget that is missed stands in the table and is no failure.
 * @throws CannotStart for a section that does not exist.
 */
export async function bench(args: string[]): Promise<boolean> {
  const size = args.includes("--quick") ? "quick" : "full";
  const names = args.filter((arg) => arg !== "--quick");
  const unknown = names.find((name) => !sections.some((section) => section.name === name));
  if (unknown) {
    throw new CannotStart(`There is no section ${unknown}; there are ${sections.map(({ name }) => name).join(", ")}.`);
  }
  const wanted = sections.filter(({ name }) => names.length === 0 || names.includes(name));

  const { bench, stop } = shared(size);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"]) {
    process.once(signal, () => stop().finally(() => process.exit(130)));
  }
  const outcomes: Outcome[] = [];
  try {
    await step("Pages", ensureBuilt);
    for (const section of wanted) {
      await step(section.name, async () => {
        const outcome = await outcomeOf(section, bench);
        outcomes.push(outcome);
        return outcome.failure === null ? `${outcome.rows.length} rows` : "could not run here";
      });
    }
    // Before anything is taken away, which may fail: twenty minutes of figures must not go with it.
    console.log(`\n${tableOf(outcomes)}\n`);
    const part = [...(size === "quick" ? [size] : []), ...names];
    console.log(`  Kept in ${await keepResults(outcomes, part, { size, sizes: sizes[size] })}.\n`);
  } finally {
    await stop();
  }
  return outcomes.every(({ failure }) => failure === null);
}

/** A section that cannot run says why, and the others go on. */
async function outcomeOf(section: Section, bench: Bench): Promise<Outcome> {
  const { name, about } = section;
  try {
    return { name, about, rows: await section.run(bench), failure: null };
  } catch (error) {
    return { name, about, rows: [], failure: (error as Error).message };
  }
}

function shared(size: keyof typeof sizes): { bench: Bench; stop(): Promise<void> } {
  const say = (text: string) => note("", text);
  const generator = loadGenerator();
  const stock = once(() => fillStock(sizes[size], say));
  const product = once(async () => {
    await stock.get();
    return startProduct();
  });
  return {
    bench: { sizes: sizes[size], generator, say, stock: stock.get, product: product.get },
    stop: async () => {
      generator.stop();
      await (await product.made())?.stop();
      await (await stock.made())?.stop();
    },
  };
}
