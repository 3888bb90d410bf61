import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Client } from "pg";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { env } from "@/lib/env";
import { isOutage } from "@/lib/outage";
import { endGroup, startGroup, waitForEnd } from "@/testing/bounded";
import { migrate } from "./migrate";

const empty = new URL(env().databaseUrl);
empty.pathname += "_empty";

beforeEach(() => ask(env().databaseUrl, `CREATE DATABASE ${empty.pathname.slice(1)}`));
afterEach(() => ask(env().databaseUrl, `DROP DATABASE ${empty.pathname.slice(1)} WITH (FORCE)`));

test("an empty database gets every migration once", async () => {
  const applied = await migrate(empty.href);
  expect(applied[0]).toBe("0001_init");
  expect(await migrate(empty.href)).toEqual([]);
});

test("of servers that start at the same moment one migrates and seeds at a time", async () => {
  let inside = 0;
  let most = 0;
  const seed = async () => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setTimeout(resolve, 50));
    inside -= 1;
  };
  const applied = await Promise.all([1, 2, 3].map(() => migrate(empty.href, seed)));
  expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  expect(most).toBe(1);
});

test("a migration that a killed server had begun is applied by the next", async () => {
  await migrate(empty.href);
  await ask(
    empty.href,
    "DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE _prisma_migrations (LIKE tessera_kept._prisma_migrations INCLUDING ALL)",
    "CREATE SCHEMA tessera_kept; CREATE TABLE tessera_kept._prisma_migrations (LIKE _prisma_migrations INCLUDING ALL)",
  );
  await ask(
    empty.href,
    "INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at) VALUES ('1', 'x', '0001_init', now())",
  );
  expect((await migrate(empty.href))[0]).toBe("0001_init");
});

test.each([
  ["a newer version", "now()"],
  ["another program", "NULL"],
])("a database that %s has migrated is refused and not changed", async (_, finishedAt) => {
  await migrate(empty.href);
  await ask(
    empty.href,
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at) VALUES ('1', 'x', '9999_theirs', now(), ${finishedAt})`,
  );
  const records = () => ask(empty.href, "SELECT * FROM _prisma_migrations ORDER BY id").then(({ rows }) => rows);
  const before = await records();
  await expect(migrate(empty.href)).rejects.toThrow(/^The database has the migration 9999_theirs, which this version/);
  expect(await records()).toEqual(before);
});

test("a connection that is lost meanwhile is an outage, and the lock with it", async () => {
  const losing = migrate(empty.href, async (client) => {
    const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
    await ask(empty.href, `SELECT pg_terminate_backend(${rows[0].pid}, 5000)`);
  });
  await expect(losing).rejects.toSatisfy(isOutage);
  expect(await migrate(empty.href)).toEqual([]);
});

test("a migration that PostgreSQL commits after its server was killed is applied once", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tessera-migrate-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "prisma/migrations/0001_slow"), { recursive: true });
  await copyFile("prisma/migrations/migration_lock.toml", join(folder, "prisma/migrations/migration_lock.toml"));
  const slow = "CREATE TABLE made_slowly (); SELECT count(*) FROM pg_class CROSS JOIN pg_sleep(4);";
  await writeFile(join(folder, "prisma/migrations/0001_slow/migration.sql"), slow);
  const program = `process.chdir(${JSON.stringify(folder)});
    const { migrate } = await import("${pathToFileURL("lib/server/migrate.ts").href}");
    console.log(JSON.stringify(await migrate(process.env.DATABASE_URL)));`;
  await writeFile(join(folder, "program.mjs"), program);
  const args = ["--import", "tsx", "--conditions=react-server", join(folder, "program.mjs")];
  const start = () => startGroup(args, { DATABASE_URL: empty.href });
  const killed = start();
  const isMigrating = async () =>
    (await ask(empty.href, "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query ~ 'made_slowly'"))
      .rowCount;
  await expect.poll(isMigrating, { timeout: 30_000 }).toBe(1);
  endGroup(killed, "SIGKILL");
  for (let count = 0; count < 2; count++) {
    expect(await waitForEnd(start(), 1, false)).toMatchObject({ code: 0, output: "[]\n" });
  }
}, 120_000);

/** @param first runs before `sql`, in a transaction of its own. */
async function ask(url: string, sql: string, first = "") {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    if (first) await client.query(first);
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
