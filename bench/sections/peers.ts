import { installPeers } from "../peers";
import { beside, type Contender, inTurn } from "../rounds";
import type { Row } from "../row";
import { type Bench, type Section, withServers } from "../section";
import { startServer } from "../start-server";
import { authorize } from "./verification";

interface Peer extends Pick<Contender, "title" | "note" | "path" | "method" | "headers" | "body"> {
  script: string;
  args?: string[];
  /** A database of its own; the stock's without. */
  database?: string;
}

const own: Peer[] = [
  { title: "raw node:http", script: "servers/hello", ...authorize },
  { title: "Tessera authorize, warm", script: "servers/tessera", ...authorize },
];

function peers({ betterAuthKeys, unleashTokens }: Bench["sizes"]): Peer[] {
  return [
    {
      title: `better-auth, ${many(betterAuthKeys)} keys, in PostgreSQL`,
      script: "peers/better-auth",
      args: ["database", String(betterAuthKeys)],
      database: "better_auth",
      ...authorize,
      note: "better-auth 1.7.5 with @better-auth/api-key, permissions asked for, its rate limit switched off. In PostgreSQL each verification reads and writes the key's row; in memory nothing is shared with other instances.",
    },
    {
      title: "better-auth, 1,000 keys, in its memory",
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
      note: "oidc-provider 9.13.3 with its default storage in memory, which holds 1,000 entries and no database.",
    },
    ...unleashTokens.map((tokens) => ({
      title: `Unleash client API, ${many(tokens)} tokens`,
      script: "peers/unleash",
      args: [String(tokens)],
      database: `unleash_${tokens}`,
      path: "/api/client/features",
      headers: { Authorization: "{value}" },
      note: "Unleash 6.10.1: a client token reads a list of no features, which Unleash keeps in memory. It compares the token presented with each one that it knows.",
    })),
  ];
}

/** Others that answer the same question, on the same PostgreSQL. */
export const besidePeers: Section = {
  name: "peers",
  about: "Others, 50 connections",
  async run({ sizes, generator, stock, say }: Bench): Promise<Row[]> {
    installPeers(say);
    const { values, emptyDatabase } = await stock();
    const all = [...own, ...peers(sizes)];
    generator.keep("few", values.slice(0, 1_000));
    const starts = all.map(({ script, args, database }) => async () => {
      if (!database) return startServer(script);
      return startServer(script, { args, env: { DATABASE_URL: await emptyDatabase(database) } });
    });
    return withServers(starts, async (servers) => {
      const contenders = all.map(({ script, args, database, ...peer }, index) => {
        const server = servers[index] as (typeof servers)[number];
        if (server.values.length > 0) generator.keep(peer.title, server.values);
        return { ...peer, server, values: server.values.length > 0 ? peer.title : "few", status: 200 };
      });
      const rows = await inTurn(generator, contenders, sizes);
      return beside(rows[0] as Row, rows);
    });
  },
};

const many = (count: number) => count.toLocaleString("en");
