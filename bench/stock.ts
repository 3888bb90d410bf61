import { Client } from "pg";
import { closeDatabase, inTransaction, pool } from "@/lib/db";
import { ensureRoles } from "@/lib/roles/roles";
import { migrate } from "@/lib/server/migrate";
import { makeValue } from "@/lib/tokens/value";
import { throwawayDatabase } from "@/testing/throwaway-database";
import { makeOwners, makeTokens } from "./many-tokens";
import type { Sizes } from "./sizes";

/** A PostgreSQL with many tokens in it, as safe as in production: what is committed is on disk. */
export interface Stock {
  /** Of all tokens of the big database, each of which may do `jobs:access`. */
  values: string[];
  /** Databases with fewer of the same tokens: how many, and where. */
  fewer: { tokens: number; databaseUrl: string }[];
  /** The address of another database of this PostgreSQL, made empty. */
  emptyDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
}

const ownersCount = 100;

/**
 * Starts PostgreSQL and fills a database, which the settings of this process and its children name from then on.
 */
export async function fillStock({ tokens, fewerTokens }: Sizes, say: (text: string) => void): Promise<Stock> {
  const server = await throwawayDatabase({ durable: true });
  const stop = async () => {
    await closeDatabase();
    await server.stop();
  };
  try {
    const urlOf = (name: string) => Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
    const emptyDatabase = async (name: string, template = "template0") => {
      await administer(server.url, `CREATE DATABASE ${name} TEMPLATE ${template}`);
      return urlOf(name);
    };
    Object.assign(process.env, {
      DATABASE_URL: await emptyDatabase("bench"),
      AUTH_SECRET: makeValue("api").reveal(),
      TESSERA_DATA_DIR: server.folder,
    });
    await migrate(urlOf("bench"));
    await inTransaction((tx) => ensureRoles(tx));
    const owners = await makeOwners(ownersCount);

    const values: string[] = [];
    const fewer: Stock["fewer"] = [];
    for (const size of [...fewerTokens, tokens]) {
      say(`making ${size.toLocaleString("en")} tokens …`);
      const made = await makeTokens(size - values.length, owners);
      for (const value of made.values) values.push(value);
      await pool().query("VACUUM ANALYZE");
      if (size === tokens) break;
      await closeDatabase();
      fewer.push({ tokens: size, databaseUrl: await emptyDatabase(`bench_${size}`, "bench") });
    }
    return { values, fewer, emptyDatabase: (name) => emptyDatabase(name), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function administer(databaseUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
