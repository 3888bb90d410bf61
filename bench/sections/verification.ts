import { makeValue } from "@/lib/tokens/value";
import { budgets } from "../budgets";
import { beside, type Contender, inTurn } from "../rounds";
import { judge, type Row } from "../row";
import { type Bench, type Section, withServers } from "../section";
import { startServer } from "../start-server";

export const authorize = {
  path: "/api/v1/authorize?permission=jobs:access",
  headers: { Authorization: "Bearer {value}" },
};

/** Fewer than this are remembered, so that every request is for a token that must be looked up. */
export const coldMemory = { TESSERA_VERIFY_MEMORY: "1000" };

type Kind = Omit<Contender, "server" | keyof typeof authorize> & {
  script: string;
  args?: string[];
  env?: Record<string, string>;
};

const unwritten = ["--last-use-unwritten"];
/** Longer than last uses wait to be written. */
const flushMs = 4_000;

const notes = {
  warm: "1,000 tokens, which are remembered; that they still hold is confirmed with PostgreSQL for every request. Last use is written down in batches, as always but where it says otherwise.",
  cold: "Every request for another of all tokens, of which 1,000 are remembered: each is looked up, and each has its last use written down.",
  junk: "Refused by shape and checksum, without PostgreSQL.",
  processes:
    "Two on one port, by node:cluster, each with its own memory. They share this machine's processors with PostgreSQL and the load.",
  next: "The same operation behind Next's own router, without the fast lane in front.",
};

const kinds: Kind[] = [
  { title: "raw node:http", script: "hello", values: "few", status: 200 },
  { title: "node:http + SHA-256 + a Map of all tokens", script: "map", values: "all", status: 200 },
  { title: "node:http + prepared pg look-up", script: "look-up", values: "all", status: 200 },
  { title: "Tessera authorize, warm", script: "tessera", values: "few", status: 200, note: notes.warm },
  { title: "  without writing last use", script: "tessera", args: unwritten, values: "few", status: 200 },
  {
    title: "Tessera authorize, cold",
    script: "tessera",
    env: coldMemory,
    values: "all",
    status: 200,
    note: notes.cold,
    afterwardsMs: flushMs,
  },
  {
    title: "  without writing last use",
    script: "tessera",
    args: unwritten,
    env: coldMemory,
    values: "all",
    status: 200,
  },
  { title: "Tessera, good values nobody has", script: "tessera", values: "unknown", status: 401 },
  { title: "Tessera, junk", script: "tessera", values: "junk", status: 401, note: notes.junk },
  {
    title: "Tessera authorize, warm, 2 processes",
    script: "two-processes",
    values: "few",
    status: 200,
    note: notes.processes,
  },
  {
    title: "Tessera authorize, warm, a Next route",
    script: "next-route",
    values: "few",
    status: 200,
    note: notes.next,
  },
];

/** Tessera beside the limits of this machine. */
export const verification: Section = {
  name: "verification",
  about: "Verification over HTTP, 50 connections",
  async run({ sizes, generator, stock }: Bench): Promise<Row[]> {
    const { values } = await stock();
    const few = values.slice(0, 1_000);
    generator.keep("all", values);
    generator.keep("few", few);
    generator.keep(
      "unknown",
      few.map(() => makeValue("api").reveal()),
    );
    generator.keep("junk", ["tsa_junk"]);
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
        return withVerdicts(await inTurn(generator, contenders, sizes));
      },
    );
  },
};

function withVerdicts(measured: Row[]): Row[] {
  const rows = beside(measured[0] as Row, measured);
  const [lookUp, warm, cold, coldUnwritten] = [2, 3, 5, 6].map((index) => rows[index] as Row) as [Row, Row, Row, Row];
  warm.verdicts = [judge(budgets.warm, warm.ofRaw ?? 0), judge(budgets.warmP99, warm.p99 ?? 0)];
  // The look-up each writes nothing down either; with that, the writing is what costs.
  for (const each of [cold, coldUnwritten]) {
    each.verdicts = [judge(budgets.cold, (each.perSecond ?? 0) / (lookUp.perSecond ?? 0))];
  }
  return rows;
}
