import { randomBytes } from "node:crypto";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { migrate } from "@/lib/server/migrate";
import { ensureClient } from "@/lib/server/prisma-client.mjs";
import { throwawayDatabase } from "./throwaway-database";

declare module "vitest" {
  interface ProvidedContext {
    /** URL of the migrated database that each test file gets a copy of. */
    templateUrl: string;
  }
}

/**
 * Before all tests: a migrated database to copy. It lives in a PostgreSQL of its own that goes away afterwards, or, when
 * TEST_DATABASE_URL names a server, there.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  ensureClient();
  const given = process.env.TEST_DATABASE_URL;
  if (given) return template(project, given);

  const database = await throwawayDatabase();
  try {
    const dropAll = await template(project, database.url);
    return () => dropAll().finally(database.stop);
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/** Makes the database to copy, and returns what drops it and its copies. */
async function template(project: TestProject, serverUrl: string): Promise<() => Promise<void>> {
  const server = new Client({ connectionString: serverUrl });
  await server.connect();
  const name = `tessera_test_${randomBytes(4).toString("hex")}`;
  await server.query(`CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = name;
  project.provide("templateUrl", url.href);

  const dropAll = async () => {
    const { rows } = await server.query("SELECT datname FROM pg_database WHERE starts_with(datname, $1)", [name]);
    for (const { datname } of rows) await server.query(`DROP DATABASE ${datname} WITH (FORCE)`);
    await server.end();
  };
  try {
    await migrate(url.href);
    return dropAll;
  } catch (error) {
    await dropAll();
    throw error;
  }
}
