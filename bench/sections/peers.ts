import { installPeers } from "../peers";
import { type Contender, measureInTurn, withShareOf } from "../rounds";
import type { Row } from "../row";
import { type Bench, type Section, withServers } from "../section";
import { startServer } from "../start-server";
import { authorize } from "./verification";

interface Peer extends Pick<Contender, "title" | "note" | "path" | "method" | "headers" | "body"> {
  script: string;
  args?: string[];
  /** The name of its own database. By default it uses the database of the stock. */
  database?: string;
}

const references: Peer[] = [
  { title: "plain node:http", script: "servers/hello", ...authorize },
  { title: "Tessera authorize, in memory", script: "servers/tessera", ...authorize },
];

function peersOf({ betterAuthKeys, unleashTokens }: Bench["sizes"]): Peer[] {
  return [
    {
      title: `better-auth, ${format(betterAuthKeys)} keys, in PostgreSQL`,
      script: "peers/better-auth",
      args: ["database", String(betterAuthKeys)],
      database: "better_auth",
      ...authorize,
      note: "better-auth 1.7.5 with @better-auth/api-key, checking a permission, with its rate limit switched off. In PostgreSQL each verification reads and writes the row of the key; in memory nothing is shared with other instances.",
    },
    {
      title: "better-auth, 1,000 keys, in memory",
      script: "peers/better-auth",
      args: ["memory", "1000"],
      database: "better_auth_memory",
      ...authorize,
    },
    {
      title: "oidc-provider introspection, 500 tokens, in memory",
      script: "peers/oidc-provider",
      path: "/token/introspection",
      method: "POST",
      headers: {
        Authorization: `Basic ${Buffer.from("bench:bench-secret").toString("base64")}`,
        "Content-Type": "application/x-www-form-urlencoded",
      },
      body: "token={value}",
      note: "oidc-provider 9.13.3 with its default storage: 1,000 entries in memory, without a database.",
    },
    ...unleashTokens.map((tokens) => ({
      title: `Unleash client API, ${format(tokens)} tokens`,
      script: "peers/unleash",
      args: [String(tokens)],
      database: `unleash_${tokens}`,
      path: "/api/client/features",
      headers: { Authorization: "{value}" },
      note: "Unleash 6.10.1: a client token reads an empty list of features from memory. Unleash compares the token with each token that it knows.",
    })),
  ];
}

/** Other products that verify tokens, with the same PostgreSQL. */
export const besidePeers: Section = {
  name: "peers",
  about: "Other products, 50 connections",
  async run({ sizes, generator, stock, say }: Bench): Promise<Row[]> {
    installPeers(say);
    const { values, createDatabase } = await stock();
    const all = [...references, ...peersOf(sizes)];
    generator.addValues("few", values.slice(0, 1_000));
    const starts = all.map(({ script, args, database }) => async () => {
      if (!database) return startServer(script);
      return startServer(script, { args, env: { DATABASE_URL: await createDatabase(database) } });
    });
    return withServers(starts, async (servers) => {
      const contenders = all.map(({ script, args, database, ...peer }, index) => {
        const server = servers[index] as (typeof servers)[number];
        if (server.values.length > 0) generator.addValues(peer.title, server.values);
        return { ...peer, server, values: server.values.length > 0 ? peer.title : "few", status: 200 };
      });
      const rows = await measureInTurn(generator, contenders, sizes);
      return withShareOf(rows[0] as Row, rows);
    });
  },
};

const format = (count: number) => count.toLocaleString("en");
