import { randomBytes } from "node:crypto";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { migrate } from "@/lib/server/migrate";
import { ensureClient } from "@/lib/server/prisma-client.mjs";
import { throwawayDatabase } from "./throwaway-database";

declare module "vitest" {
  interface ProvidedContext {
    /** The URL of the migrated database of which each test file gets a copy. */
    templateUrl: string;
  }
}

/**
 * Creates a migrated database before all tests, and drops it with its copies after them. It is in the PostgreSQL that
 * TEST_DATABASE_URL names, or else in one that is started for the tests.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  ensureClient();
  const serverUrl = process.env.TEST_DATABASE_URL;
  if (serverUrl) return createTemplate(project, serverUrl);

  const database = await throwawayDatabase();
  try {
    const dropAll = await createTemplate(project, database.url);
    return () => dropAll().finally(database.stop);
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/** Creates the database and returns a function that drops it and its copies. */
async function createTemplate(project: TestProject, serverUrl: string): Promise<() => Promise<void>> {
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
