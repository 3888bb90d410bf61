import { budgets } from "../budgets";
import { createOwnerOf } from "../owner";
import { measureInTurn } from "../rounds";
import { judge, type Row } from "../row";
import type { Bench, Section } from "../section";
import { connections } from "../sizes";

/** How many pages of Manage Tokens one process renders per second. */
export const pages: Section = {
  name: "pages",
  about: "Manage Tokens with 50 rows, one process",
  async run({ sizes, generator, stock, product }: Bench): Promise<Row[]> {
    await stock();
    const server = await product();
    const owner = await createOwnerOf(100, { expired: 100 });
    const contenders = [1, connections].map((connections) => ({
      title: connections === 1 ? "1 connection" : `${connections} connections`,
      server,
      path: "/settings/tokens",
      headers: owner.cookie,
      values: "none",
      status: 200,
      connections,
      note: "25 active and 25 expired tokens, as uncompressed HTML.",
    }));
    const [one, many] = (await measureInTurn(generator, contenders, sizes)) as [Row, Row];
    one.verdicts = [judge(budgets.pageP50, one.p50 ?? Number.NaN)];
    many.verdicts = [judge(budgets.pagesPerSecond, many.perSecond ?? 0)];
    return [one, many];
  },
};
