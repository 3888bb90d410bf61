import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { startDatabase } from "@/lib/server/database";
import { migrate } from "@/lib/server/migrate";

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
  const given = process.env.TEST_DATABASE_URL;
  if (given) return template(project, given);

  const folder = await mkdtemp(join(tmpdir(), "tessera-test-"));
  const embedded = await startDatabase(folder, { throwaway: true });
  const stop = async () => {
    await embedded.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const dropAll = await template(project, embedded.url);
    return () => dropAll().finally(stop);
  } catch (error) {
    await stop();
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
