import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { budgets } from "../budgets";
import { fetchHeaders } from "../clients";
import { withComparisons } from "../compare";
import { installPeers } from "../peers";
import { median, withShareOf } from "../rounds";
import type { Row } from "../row";
import { type Bench, type Section, withServers } from "../section";
import type { Shot, ShotFigures } from "../shot";
import { connections, type Sizes } from "../sizes";
import { execArgv, type Server, startServer } from "../start-server";
import { authorize } from "./verification";

const run = promisify(execFile);

/** With the processor time of the server in microseconds per request. */
interface Run extends ShotFigures {
  cpu: number;
}

const titles = { barest: "plain node:http", authorize: "Tessera authorize, in memory" };

const note =
  "autocannon 8.0.0 with one token, as `npx autocannon -c 50 -d 3 -H 'Authorization: Bearer tsa_…' 'http://localhost:3000/api/v1/authorize?permission=jobs:access'`.";

/** The first row of the table by another load generator, so that the figure does not depend on ours. */
export const autocannon: Section = {
  name: "autocannon",
  about: `The same by autocannon, ${connections} connections`,
  async run({ sizes, stock, say }: Bench): Promise<Row[]> {
    installPeers(say);
    const [token = ""] = (await stock()).values;
    const headers = { ...fetchHeaders, Authorization: `Bearer ${token}` };
    const starts = [() => startServer("servers/hello"), () => startServer("servers/tessera")];
    return withServers(starts, async (servers) => {
      const figures = await measure(servers, headers, sizes);
      const rows = Object.values(titles).map((title, index) => rowOf(title, figures[index] ?? []));
      const [barest] = rows as [Row, Row];
      return withComparisons(withShareOf(barest, [{ ...barest, note }, ...rows.slice(1)]), [
        {
          ...{ row: titles.authorize, to: titles.barest, budget: budgets.warm },
          ...{ what: "authorize, by autocannon", beside: "bare node:http" },
        },
      ]);
    });
  },
};

/** Shoots at the servers in turn, in several rounds. Returns the figures of each. */
async function measure(servers: Server[], headers: Shot["headers"], sizes: Sizes): Promise<Run[][]> {
  const figures: Run[][] = servers.map(() => []);
  for (let round = 0; round < sizes.rounds; round++) {
    for (const [index, server] of servers.entries()) {
      const url = `http://127.0.0.1:${server.port}${authorize.path}`;
      const shot: Shot = { url, headers, connections, seconds: Math.ceil(sizes.seconds) };
      const before = await server.usage();
      const { stdout } = await run(process.execPath, [...execArgv, "bench/peers/autocannon.ts", JSON.stringify(shot)]);
      const measured: ShotFigures = JSON.parse(stdout);
      if (measured.failures > 0) throw new Error(`${measured.failures} requests by autocannon were not answered 2xx.`);
      const used = (await server.usage()).cpu - before.cpu;
      figures[index]?.push({ ...measured, cpu: used / measured.requests });
    }
  }
  return figures;
}

function rowOf(title: string, runs: Run[]): Row {
  const of = (figure: keyof Run) => median(runs.map((each) => each[figure]));
  return { title, perSecond: of("perSecond"), p50: of("p50"), p99: of("p99"), cpu: of("cpu"), runs };
}
