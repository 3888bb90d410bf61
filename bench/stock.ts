import { closeDatabase, inTransaction, pool } from "@/lib/db";
import { ensureRoles } from "@/lib/roles/roles";
import { migrate } from "@/lib/server/migrate";
import { makeValue } from "@/lib/tokens/value";
import { publishSamples } from "@/lib/workspaces/samples";
import { throwawayDatabase } from "@/testing/throwaway-database";
import { makeOwners, makeTokens } from "./many-tokens";
import { createOwnerOf, type Owner } from "./owner";
import { runStatement } from "./run-statement";
import type { Sizes } from "./sizes";

/** A PostgreSQL with many tokens. As in production, commits are written to disk. */
export interface Stock {
  /** The values of all tokens of the largest database. Each token has the permission `jobs:access`. */
  values: string[];
  /** A user of each database, who has the repositories Samples and Open data and lists tokens, and one who creates tokens. */
  reader: Owner;
  writer: Owner;
  /** The owners of the other tokens of each database. */
  owners: string[];
  /** Databases with the given number of these tokens, counted from the first. */
  fewer: { tokens: number; databaseUrl: string }[];
  /** Creates an empty database in this PostgreSQL and returns its URL. */
  createDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
}

const ownersCount = 100;
/** More than a page of a list. */
const readerTokens = 60;

/** Starts PostgreSQL, fills a database, and makes it the DATABASE_URL of this process and its children. */
export async function fillStock({ tokens, fewerTokens }: Sizes, say: (text: string) => void): Promise<Stock> {
  const server = await throwawayDatabase({ durable: true });
  const stop = async () => {
    await closeDatabase();
    await server.stop();
  };
  try {
    const urlOf = (name: string) => Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
    const createDatabase = async (name: string, template = "template0") => {
      await runStatement(server.url, `CREATE DATABASE ${name} TEMPLATE ${template}`);
      return urlOf(name);
    };
    Object.assign(process.env, {
      DATABASE_URL: await createDatabase("bench"),
      AUTH_SECRET: makeValue("api").reveal(),
      TESSERA_DATA_DIR: server.folder,
    });
    await migrate(urlOf("bench"));
    await inTransaction((tx) => ensureRoles(tx));
    const reader = await createOwnerOf(readerTokens);
    const writer = await createOwnerOf(0);
    await inTransaction(async (tx) => {
      await publishSamples(tx, reader.userId);
      await tx.repository.create({ data: { name: "Open data", ownerId: reader.userId } });
    });
    const owners = await makeOwners(ownersCount);

    const values: string[] = [];
    const fewer: Stock["fewer"] = [];
    for (const size of [...fewerTokens, tokens]) {
      say(`creating ${size.toLocaleString("en")} tokens …`);
      const made = await makeTokens(size - values.length, owners);
      for (const value of made.values) values.push(value);
      await pool().query("VACUUM ANALYZE");
      if (size === tokens) break;
      await closeDatabase();
      fewer.push({ tokens: size, databaseUrl: await createDatabase(`bench_${size}`, "bench") });
    }
    return { values, reader, writer, owners, fewer, createDatabase: (name) => createDatabase(name), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
