import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client, type ClientBase, Pool } from "pg";
import { migrationSettings } from "@/lib/database-session";
import { migrationLock, schemaEngine } from "./schema-engine";
import { CannotStart } from "./steps";

const folder = "prisma/migrations";

/** Returns the names of the migrations that it applied. Other processes wait meanwhile, also during `afterwards`, which
 * is for what must happen once per database, such as the seed, and may use the connection. The role must be allowed to
 * create tables. */
export async function migrate(
  databaseUrl: string,
  afterwards: (client: Client) => Promise<void> = async () => {},
): Promise<string[]> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5000 });
  const lost: Error[] = [];
  client.on("error", (error) => lost.push(error));
  await client.connect();
  try {
    await client.query(migrationSettings);
    await client.query("SELECT pg_advisory_lock(hashtext('tessera migrations'))");
    await waitForKilled(client);
    const applied = (await isUpToDate(client)) ? [] : await applyAll(client, databaseUrl);
    await afterwards(client);
    // The lock ended with the connection.
    if (lost[0]) throw lost[0];
    return applied;
  } finally {
    await client.end();
  }
}

/** Waits until PostgreSQL has ended a migration whose server was killed. */
async function waitForKilled(client: Client): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(${migrationLock})`);
}

/** It compares names only, because loading the engine takes half a second. Throws CannotStart for a database that a newer
 * version or another program has migrated. */
async function isUpToDate(client: Client): Promise<boolean> {
  const { rows } = await client.query("SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists");
  if (!rows[0].exists) return false;
  const recorded = await client.query<{ name: string; isFinished: boolean }>(
    `SELECT migration_name AS name, finished_at IS NOT NULL AS "isFinished" FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  );
  const known = await migrationNames();
  const unknown = recorded.rows.find(({ name }) => !known.includes(name));
  if (unknown) {
    throw new CannotStart(
      `The database has the migration ${unknown.name}, which this version does not know. Start the version that made it, or name another database in DATABASE_URL.`,
    );
  }
  const finished = new Set(recorded.rows.filter(({ isFinished }) => isFinished).map(({ name }) => name));
  return known.every((name) => finished.has(name));
}

async function applyAll(client: Client, databaseUrl: string): Promise<string[]> {
  const onConnect = async (client: ClientBase) => void (await client.query(migrationSettings));
  const pool = new Pool({ connectionString: databaseUrl, max: 2, onConnect });
  let failure: unknown;
  pool.on("error", (error) => {
    failure ??= error;
  });
  try {
    const engine = await schemaEngine(pool, (error) => {
      failure = error;
    });
    for (const name of await findInterrupted(client)) await engine.markMigrationRolledBack({ migrationName: name });
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: await migrationsList(),
      filters: { externalTables: [], externalEnums: [] },
    });
    return appliedMigrationNames;
  } catch (error) {
    throw failure ?? error;
  } finally {
    await pool.end();
  }
}

/** PostgreSQL rolled back each migration that is not recorded as finished, so it can be applied again. */
async function findInterrupted(client: Client): Promise<string[]> {
  const { rows } = await client.query("SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists");
  if (!rows[0].exists) return [];
  const unfinished = await client.query(
    "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL",
  );
  return unfinished.rows.map((row) => row.migration_name);
}

async function migrationsList() {
  const names = await migrationNames();
  return {
    baseDir: folder,
    lockfile: { path: "migration_lock.toml", content: await readFile(join(folder, "migration_lock.toml"), "utf8") },
    shadowDbInitScript: "",
    migrationDirectories: await Promise.all(
      names.map(async (name) => ({ path: name, migrationFile: await migrationFile(name) })),
    ),
  };
}

async function migrationFile(name: string) {
  const value = await readFile(join(folder, name, "migration.sql"), "utf8");
  return { path: "migration.sql", content: { tag: "ok" as const, value } };
}

async function migrationNames(): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => existsSync(join(folder, name, "migration.sql"))).sort();
}
