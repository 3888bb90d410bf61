import { join } from "node:path";
import { budgets } from "../budgets";
import { fetchHeaders, fetchJson } from "../clients";
import { type Entrant, measureEntrants } from "../entrants";
import { fillJobs, fillWorkspaces } from "../many-jobs";
import { startProduct } from "../product";
import { judge, type Row } from "../row";
import { runStatement } from "../run-statement";
import type { Bench, Section } from "../section";
import { connections as manyConnections } from "../sizes";
import { listOf, namesOf, tokenToCreate } from "./changes";
import { costOf } from "./growth";
import { runOf, years } from "./runs";
import { authorize } from "./verification";

const note =
  "The cost is the processor time of the server, its engine and PostgreSQL together: creates and lists over 10 connections, runs over 2, verification over 50. The small database has the three sample workspaces and the jobs of this section only.";

/** The cost of everyday work in a small database and in one with many tokens, jobs and workspaces. */
export const scale: Section = {
  name: "scale",
  about: "Cost growth: everyday work in a small and in a large database",
  async run({ generator, sizes, stock, product, say }: Bench): Promise<Row[]> {
    const { values, fewer, owners, reader, writer } = await stock();
    const [small] = fewer;
    if (!small) throw new Error("There is no small database.");
    say(`creating ${sizes.jobs.toLocaleString("en")} jobs and ${sizes.workspaces.toLocaleString("en")} workspaces …`);
    const databaseUrl = process.env.DATABASE_URL ?? "";
    await fillWorkspaces(databaseUrl, sizes.workspaces, owners);
    await fillJobs(databaseUrl, sizes.jobs, [reader.userId, ...owners]);
    await runStatement(databaseUrl, "VACUUM ANALYZE");
    const large = await product();
    // Jobs have the same numbers in both databases, and folders by their numbers.
    const folder = join(process.env.TESSERA_DATA_DIR ?? "", "small");
    const startSmall = () => startProduct({ DATABASE_URL: small.databaseUrl, TESSERA_DATA_DIR: folder });

    generator.addValues("few", values.slice(0, 1_000));
    generator.addValues("years", years);
    generator.addValues("names", namesOf("scale", sizes.names));
    const post = { ...fetchJson(writer.bearer, tokenToCreate()), method: "POST", path: "/api/v1/tokens" };
    const work: Record<string, Omit<Entrant, "server" | "title">> = {
      "create a token": { ...post, values: "names", status: 201 },
      "list 25 tokens": listOf(reader),
      "run a small workspace": { ...runOf(reader.bearer), connections: 2 },
      "verify a token": {
        ...authorize,
        headers: { ...fetchHeaders, ...authorize.headers },
        values: "few",
        status: 200,
        connections: manyConnections,
      },
    };
    const entrants = Object.entries(work).flatMap(([title, request]) => [
      { connections: 10, ...request, title: `${title}, small`, server: startSmall, note },
      { connections: 10, ...request, title: `${title}, large`, server: large },
    ]);
    const rows = await measureEntrants(generator, entrants, sizes);
    const kinds = Object.keys(work);
    return kinds.flatMap((kind, index) => {
      const [small, large] = rows.slice(2 * index) as [Row, Row];
      return [small, withGrowth(kind, small, large)];
    });
  },
};

function withGrowth(kind: string, small: Row, large: Row): Row {
  const ratio = costOf(large) / costOf(small);
  const { is, limit } = budgets.scale;
  const comparison = { what: `cost to ${kind}, in a large database`, beside: "a small database", ratio, is, limit };
  return {
    ...large,
    figure: `${ratio.toFixed(2)} ×`,
    comparisons: [comparison],
    verdicts: [judge(budgets.scale, ratio)],
  };
}
