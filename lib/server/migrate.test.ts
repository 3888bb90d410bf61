import { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { env } from "@/lib/env";
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
