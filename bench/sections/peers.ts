import { budgets } from "../budgets";
import { withComparisons } from "../compare";
import { type Entrant, measureEntrants } from "../entrants";
import { startPeer } from "../peers";
import { withShareOf } from "../rounds";
import type { Row } from "../row";
import type { Bench, Section } from "../section";
import { startServer } from "../start-server";
import { authorize } from "./verification";

const titles = {
  authorize: "Tessera authorize, in memory",
  introspect: "Tessera introspection, in memory",
  betterAuth: "better-auth, all keys, in PostgreSQL",
  betterAuthMemory: "better-auth, 1,000 keys, in memory",
  oidcProvider: "oidc-provider introspection, 500 tokens, in memory",
  nodeRed: "Node-RED flow, 1,000 tokens, in memory",
};

const verify = { row: titles.authorize, what: "verify a token, 50 connections" };
const comparisons = [
  { ...verify, to: titles.betterAuth, beside: "better-auth, in PostgreSQL" },
  { ...verify, to: titles.betterAuthMemory, beside: "better-auth, in memory" },
  { ...verify, to: titles.nodeRed, beside: "a Node-RED flow, in memory" },
  {
    row: titles.introspect,
    to: titles.oidcProvider,
    what: "introspect a token, 50 connections",
    beside: "oidc-provider, in memory",
    budget: budgets.besideOidcProvider,
  },
];

/** Other products that verify tokens, with the same PostgreSQL. */
export const besidePeers: Section = {
  name: "peers",
  about: "Other products, 50 connections",
  async run(bench: Bench): Promise<Row[]> {
    const { generator, sizes, stock } = bench;
    const { values, reader } = await stock();
    generator.addValues("few", values.slice(0, 1_000));
    const tessera = () => startServer("servers/tessera");
    const common = { status: 200, values: "few" };
    const entrants: Entrant[] = [
      { ...common, ...authorize, title: "plain node:http", server: () => startServer("servers/hello") },
      { ...common, ...authorize, title: titles.authorize, server: tessera },
      { ...common, ...introspect(reader.bearer), title: titles.introspect, server: tessera },
      ...peersOf(bench),
    ];
    const rows = await measureEntrants(generator, entrants, sizes);
    return withComparisons(withShareOf(rows[0] as Row, rows), comparisons);
  },
};

const form = { "Content-Type": "application/x-www-form-urlencoded" };

/** A request of RFC 7662, with the caller's credentials as headers. */
export const introspect = (credentials: Record<string, string>) => ({
  path: "/api/v1/introspect",
  method: "POST",
  headers: { ...credentials, ...form },
  body: "token_type_hint=access_token&token={value}",
});

function peersOf({ sizes, say, stock }: Bench): Entrant[] {
  const { betterAuthKeys, unleashTokens } = sizes;
  const start =
    (name: string, args: string[] = [], database?: string) =>
    async () => {
      const { createDatabase } = await stock();
      return startPeer(say, name, { args, env: database ? { DATABASE_URL: await createDatabase(database) } : {} });
    };
  const common = { status: 200, isPeer: true };
  return [
    {
      ...common,
      ...authorize,
      title: titles.betterAuth,
      server: start("better-auth", ["database", String(betterAuthKeys)], "better_auth"),
      note: `better-auth 1.7.5 with @better-auth/api-key and ${format(betterAuthKeys)} keys, checking a permission, with its rate limit switched off. In PostgreSQL each verification reads and writes the row of the key; in memory nothing is shared with other instances.`,
    },
    {
      ...common,
      ...authorize,
      title: titles.betterAuthMemory,
      server: start("better-auth", ["memory", "1000"], "better_auth_memory"),
    },
    {
      ...common,
      ...introspect({ Authorization: `Basic ${Buffer.from("bench:bench-secret").toString("base64")}` }),
      title: titles.oidcProvider,
      server: start("oidc-provider"),
      path: "/token/introspection",
      note: "oidc-provider 9.13.3 with its default storage: 1,000 entries in memory, without a database.",
    },
    {
      ...common,
      ...authorize,
      title: titles.nodeRed,
      server: start("node-red", ["1000"]),
      note: "Node-RED 4.1.13, the newest that runs on Node 20, without its editor: http in, a function that looks the token up in a set, http response.",
    },
    ...unleashTokens.map((tokens) => ({
      ...common,
      title: `Unleash client API, ${format(tokens)} tokens`,
      server: start("unleash", [String(tokens)], `unleash_${tokens}`),
      path: "/api/client/features",
      headers: { Authorization: "{value}" },
      note: "Unleash 6.10.1: a client token reads an empty list of features from memory. Unleash compares the token with each token that it knows.",
    })),
  ];
}

const format = (count: number) => count.toLocaleString("en");
