import { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { closeDatabase, db, inTransaction } from "@/lib/db";
import { env } from "@/lib/env";
import { migrate } from "./migrate";
import { seed } from "./seed";

// What an operator may have set for a role or a database changes neither what the server stores nor what it reads.
const ours = env().databaseUrl;
const name = `odd_settings_${process.pid}`;
const theirs = Object.assign(new URL(ours), { pathname: `/${name}`, username: name, password: name }).href;

beforeEach(async () => {
  await ask(ours, `CREATE ROLE ${name} LOGIN PASSWORD '${name}'`, `CREATE DATABASE ${name} OWNER ${name}`);
  env().databaseUrl = theirs;
});

afterEach(async () => {
  await closeDatabase();
  env().databaseUrl = ours;
  await ask(ours, `DROP DATABASE ${name} WITH (FORCE)`, `DROP ROLE ${name}`);
});

test.each([
  ["a schema with the name of the role", `CREATE SCHEMA AUTHORIZATION ${name}`],
  ["other schemas to search first", `CREATE SCHEMA other AUTHORIZATION ${name}`, set("search_path = other, public")],
  ["no schema to search", set("search_path = ''")],
  ["dates of another style", set("DateStyle = 'German'")],
  [
    "American dates",
    set("DateStyle = 'SQL, MDY'"),
    set("IntervalStyle = 'iso_8601'"),
    set("TimeZone = 'Asia/Kathmandu'"),
  ],
  ["short limits of time", set("statement_timeout = '100ms'"), set("lock_timeout = '100ms'")],
])("a role with %s", async (_, ...statements) => {
  await ask(Object.assign(new URL(ours), { pathname: `/${name}` }).href, ...statements);
  const seedSlowly = async (client: Client) => {
    await client.query("SELECT pg_sleep(0.3)");
    await seed();
  };
  expect(await migrate(theirs, seedSlowly)).toContain("0001_init");
  const admin = await db.user.findUniqueOrThrow({ where: { userName: "admin" } });
  expect(Math.abs(admin.createdAt.getTime() - Date.now())).toBeLessThan(60_000);
  const tables =
    await db.$queryRaw`SELECT DISTINCT schemaname FROM pg_tables WHERE tablename IN ('users', '_prisma_migrations')`;
  expect(tables).toEqual([{ schemaname: "public" }]);
});

test("transactions do not become stricter than the server expects", async () => {
  await ask(ours, set("default_transaction_isolation = 'serializable'"));
  const [row] = await inTransaction((tx) => tx.$queryRaw<unknown[]>`SHOW transaction_isolation`);
  expect(row).toEqual({ transaction_isolation: "read committed" });
});

function set(setting: string): string {
  return `ALTER ROLE ${name} SET ${setting}`;
}

async function ask(url: string, ...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const sql of statements) await client.query(sql);
  await client.end();
}
