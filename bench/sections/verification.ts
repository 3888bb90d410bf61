import { makeValue } from "@/lib/tokens/value";
import { budgets } from "../budgets";
import { type Contender, measureInTurn, withShareOf } from "../rounds";
import { judge, type Row } from "../row";
import { type Bench, type Section, withServers } from "../section";
import { startServer } from "../start-server";

export const authorize = {
  path: "/api/v1/authorize?permission=jobs:access",
  headers: { Authorization: "Bearer {value}" },
};

/** The memory holds 1,000 of all tokens, so that every request is for a token that must be looked up. */
export const coldMemory = { TESSERA_VERIFY_MEMORY: "1000" };

type Kind = Omit<Contender, "server" | keyof typeof authorize> & {
  script: string;
  args?: string[];
  env?: Record<string, string>;
};

const withoutLastUse = ["--last-use-unwritten"];
/** Longer than the interval at which last uses are written. */
const flushMs = 4_000;

const notes = {
  warm: "1,000 tokens, which are in memory. For every request PostgreSQL confirms that they are still valid. Last use is written in batches, except where stated otherwise.",
  cold: "Every request is for another of all tokens, of which 1,000 are in memory: each is looked up, and its last use is written.",
  malformed: "Rejected by form and checksum, without PostgreSQL.",
  processes:
    "Two processes on one port, by node:cluster, each with its own memory. They share the processors of this machine with PostgreSQL and the load generator.",
  next: "The same operation in Next's router, without the fast lane.",
};

const kinds: Kind[] = [
  { title: "plain node:http", script: "hello", values: "few", status: 200 },
  { title: "node:http, SHA-256 and a Map of all tokens", script: "map", values: "all", status: 200 },
  { title: "node:http and one prepared query per request", script: "look-up", values: "all", status: 200 },
  { title: "Tessera authorize, in memory", script: "tessera", values: "few", status: 200, note: notes.warm },
  { title: "  without writing last use", script: "tessera", args: withoutLastUse, values: "few", status: 200 },
  {
    title: "Tessera authorize, not in memory",
    script: "tessera",
    env: coldMemory,
    values: "all",
    status: 200,
    note: notes.cold,
    settleMs: flushMs,
  },
  {
    title: "  without writing last use",
    script: "tessera",
    args: withoutLastUse,
    env: coldMemory,
    values: "all",
    status: 200,
  },
  { title: "Tessera, well-formed unknown values", script: "tessera", values: "unknown", status: 401 },
  { title: "Tessera, malformed values", script: "tessera", values: "malformed", status: 401, note: notes.malformed },
  {
    title: "Tessera authorize, in memory, 2 processes",
    script: "two-processes",
    values: "few",
    status: 200,
    note: notes.processes,
  },
  {
    title: "Tessera authorize, in memory, as a Next route",
    script: "next-route",
    values: "few",
    status: 200,
    note: notes.next,
  },
];

/** Tessera compared with simpler servers, which show the limits of this machine. */
export const verification: Section = {
  name: "verification",
  about: "Verification over HTTP, 50 connections",
  async run({ sizes, generator, stock }: Bench): Promise<Row[]> {
    const { values } = await stock();
    const few = values.slice(0, 1_000);
    generator.addValues("all", values);
    generator.addValues("few", few);
    generator.addValues(
      "unknown",
      few.map(() => makeValue("api").reveal()),
    );
    generator.addValues("malformed", ["tsa_junk"]);
    return withServers(
      kinds.map(
        ({ script, args, env }) =>
          () =>
            startServer(`servers/${script}`, { args, env }),
      ),
      async (servers) => {
        const contenders = kinds.map(({ script, args, env, ...kind }, index) => ({
          ...authorize,
          ...kind,
          server: servers[index] as (typeof servers)[number],
        }));
        return withVerdicts(await measureInTurn(generator, contenders, sizes));
      },
    );
  },
};

function withVerdicts(measured: Row[]): Row[] {
  const rows = withShareOf(measured[0] as Row, measured);
  const [lookUp, warm, cold, coldUnwritten] = [2, 3, 5, 6].map((index) => rows[index] as Row) as [Row, Row, Row, Row];
  warm.verdicts = [judge(budgets.warm, warm.ofRaw ?? 0), judge(budgets.warmP99, warm.p99 ?? 0)];
  // The server with one query per request does not write last use either.
  for (const each of [cold, coldUnwritten]) {
    each.verdicts = [judge(budgets.cold, (each.perSecond ?? 0) / (lookUp.perSecond ?? 0))];
  }
  return rows;
}
