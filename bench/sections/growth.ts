import { pool } from "@/lib/db";
import { budgets } from "../budgets";
import { inTurn } from "../rounds";
import { judge, type Row } from "../row";
import { type Bench, type Section, withServers } from "../section";
import { startServer } from "../start-server";
import { authorize } from "./verification";

const note =
  "Every request for a token that must be looked up; without writing last use, which costs by how many different tokens are used and not by how many there are. Cost is processor time of server and PostgreSQL together.";

/** What a look-up costs among few tokens and among many. */
export const growth: Section = {
  name: "growth",
  about: "Cost growth: Tessera authorize, cold, 50 connections",
  async run({ sizes, generator, stock }: Bench): Promise<Row[]> {
    const { values, fewer } = await stock();
    // Of all the databases it is the big one that other sections have written to.
    await pool().query("VACUUM ANALYZE");
    const big = { tokens: sizes.tokens, databaseUrl: process.env.DATABASE_URL ?? "" };
    const all = [...fewer, big];
    const starts = all.map(({ databaseUrl }) => () => {
      const env = { DATABASE_URL: databaseUrl, TESSERA_VERIFY_MEMORY: "100" };
      return startServer("servers/tessera", { args: ["--last-use-unwritten"], env });
    });
    return withServers(starts, async (servers) => {
      const contenders = all.map(({ tokens }, index) => {
        const title = `among ${tokens.toLocaleString("en")} tokens`;
        generator.keep(title, values.slice(0, tokens));
        return {
          title,
          note,
          server: servers[index] as (typeof servers)[number],
          ...authorize,
          values: title,
          status: 200,
        };
      });
      return compared(await inTurn(generator, contenders, sizes));
    });
  },
};

function compared(rows: Row[]): Row[] {
  const least = costOf(rows[0] as Row);
  const compared = rows.map((row) => ({ ...row, figure: `${(costOf(row) / least).toFixed(2)} ×` }));
  const last = compared.at(-1) as Row;
  last.verdicts = [judge(budgets.growth, costOf(last) / least)];
  return compared;
}

/** Where PostgreSQL's share cannot be told, the time of a request stands for all of it. */
function costOf({ cpu = 0, databaseCpu, perSecond = 0 }: Row): number {
  return databaseCpu === undefined ? 1e6 / perSecond : cpu + databaseCpu;
}
