import { startBarePage } from "../bare-page";
import { budgets } from "../budgets";
import { type Comparison, withComparisons } from "../compare";
import { type Entrant, measureEntrants } from "../entrants";
import { createOwnerOf } from "../owner";
import { judge, type Row } from "../row";
import type { Bench, Section } from "../section";
import { connections } from "../sizes";

const titles = {
  one: "1 connection",
  oneBare: "  a bare page of Next.js",
  many: `${connections} connections`,
  manyBare: `  a bare page of Next.js, ${connections} connections`,
};

const compared = { what: "a page of 50 tokens, the slower", beside: "a bare page of Next.js", budget: budgets.page };
const comparisons: Comparison[] = [
  { ...compared, row: titles.one, to: titles.oneBare },
  { ...compared, row: titles.many, to: titles.manyBare },
];

/** How many pages of Manage Tokens one process renders per second, beside the same rows and columns as bare text. */
export const pages: Section = {
  name: "pages",
  about: "Manage Tokens with 50 rows, one process",
  async run({ sizes, generator, stock, product }: Bench): Promise<Row[]> {
    await stock();
    const server = await product();
    const owner = await createOwnerOf(100, { expired: 100 });
    const page = { server, path: "/settings/tokens", headers: owner.cookie, values: "none", status: 200 };
    const bare = { server: startBarePage, path: "/", values: "none", status: 200 };
    const entrants: Entrant[] = [
      {
        ...{ ...page, title: titles.one, connections: 1 },
        note: "25 active and 25 expired tokens, as uncompressed HTML. The bare page has the same rows and columns of text and reads no database.",
      },
      { ...bare, title: titles.oneBare, connections: 1 },
      { ...page, title: titles.many, connections },
      { ...bare, title: titles.manyBare, connections },
    ];
    const rows = await measureEntrants(generator, entrants, sizes);
    return withComparisons(rows.map(withBudget), comparisons);
  },
};

function withBudget(row: Row): Row {
  if (row.title === titles.one) return { ...row, verdicts: [judge(budgets.pageP50, row.p50 ?? Number.NaN)] };
  if (row.title === titles.many) return { ...row, verdicts: [judge(budgets.pagesPerSecond, row.perSecond ?? 0)] };
  return row;
}
