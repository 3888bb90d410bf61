import { pool } from "@/lib/db";
import { budgets } from "../budgets";
import { measureInTurn } from "../rounds";
import { judge, type Row } from "../row";
import { type Bench, type Section, withServers } from "../section";
import { startServer } from "../start-server";
import { authorize } from "./verification";

const note =
  "Every request is for a token that is not in memory and must be looked up. Last use is not written, since its cost depends on how many different tokens are used, not on how many exist. The cost is the processor time of the server and PostgreSQL together.";

/** The cost of a look-up among few tokens and among many. */
export const growth: Section = {
  name: "growth",
  about: "Cost growth: Tessera authorize, not in memory, 50 connections",
  async run({ sizes, generator, stock }: Bench): Promise<Row[]> {
    const { values, fewer } = await stock();
    // Other sections have written to the largest database only.
    await pool().query("VACUUM ANALYZE");
    const largest = { tokens: sizes.tokens, databaseUrl: process.env.DATABASE_URL ?? "" };
    const all = [...fewer, largest];
    const starts = all.map(({ databaseUrl }) => () => {
      const env = { DATABASE_URL: databaseUrl, TESSERA_VERIFY_MEMORY: "100" };
      return startServer("servers/tessera", { args: ["--last-use-unwritten"], env });
    });
    return withServers(starts, async (servers) => {
      const contenders = all.map(({ tokens }, index) => {
        const title = `among ${tokens.toLocaleString("en")} tokens`;
        generator.addValues(title, values.slice(0, tokens));
        return {
          title,
          note,
          server: servers[index] as (typeof servers)[number],
          ...authorize,
          values: title,
          status: 200,
        };
      });
      return withCosts(await measureInTurn(generator, contenders, sizes));
    });
  },
};

function withCosts(rows: Row[]): Row[] {
  const smallest = costOf(rows[0] as Row);
  const compared = rows.map((row) => ({ ...row, figure: `${(costOf(row) / smallest).toFixed(2)} ×` }));
  const last = compared.at(-1) as Row;
  last.verdicts = [judge(budgets.growth, costOf(last) / smallest)];
  return compared;
}

/** Uses the duration of a request where the processor time of PostgreSQL is unknown. */
export function costOf({ cpu = 0, databaseCpu, perSecond = 0 }: Row): number {
  return databaseCpu === undefined ? 1e6 / perSecond : cpu + databaseCpu;
}
