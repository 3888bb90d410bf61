import { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DatabaseProxy, startDatabaseProxy } from "@/testing/database-proxy";
import { closeDatabase, db, inOneStatement, inTransaction, pool } from "./db";
import { env } from "./env";
import { Refusal } from "./errors";
import { Prisma } from "./generated/prisma/client";
import { isOutage } from "./outage";

const withinMs = 3_000;

/** Statements that fail with each cause, in the ways in which the product asks: the pool, Prisma, and a transaction. */
const ways: [string, (sql: string) => Promise<unknown>][] = [
  ["the pool", (sql) => pool().query(sql)],
  ["Prisma", (sql) => db.$queryRawUnsafe(sql)],
  [
    "Prisma's own queries",
    async (sql) => {
      if (sql !== readOne) await db.$queryRawUnsafe(sql);
      return db.user.count();
    },
  ],
  ["a transaction", (sql) => inTransaction((tx) => tx.$queryRawUnsafe(sql))],
];

const readOne = "SELECT 1 AS one";
const raise = (code: string) => `DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${code}'; END $$`;

const endItself = "SELECT pg_terminate_backend(pg_backend_pid())";

test.each(ways)("what PostgreSQL says through %s is known as an outage", async (_, ask) => {
  for (const code of ["53100", "53200", "57P03", "58030", "57014"]) {
    expect(isOutage(await failureOf(ask(raise(code)))), code).toBe(true);
  }
  expect(isOutage(await failureOf(ask(endItself)))).toBe(true);
  expect(isOutage(await failureOf(ask(raise("22012"))))).toBe(false);
  await ask(readOne);
});

test("a statement without an end is cancelled, in each way", { timeout: 60_000 }, async () => {
  const began = performance.now();
  const errors = await Promise.all(ways.map(([, ask]) => failureOf(ask("SELECT pg_sleep(60)"))));
  expect(errors.map(isOutage)).toEqual(ways.map(() => true));
  expect(performance.now() - began).toBeLessThan(10_000);
});

test("a delay of the process itself is not taken for a database that does not respond", {
  timeout: 20_000,
}, async () => {
  await pool().query(readOne);
  const slow = pool().query("SELECT pg_sleep(3)");
  await new Promise((sent) => setImmediate(sent));
  // The watch has just begun to ask on another connection then.
  setTimeout(() => blockFor(1_500), 800);
  await slow;
  await pool().query(readOne);
});

function blockFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

let proxy: DatabaseProxy;
const databaseUrl = env().databaseUrl;

beforeEach(async () => {
  proxy = await startDatabaseProxy(new URL(databaseUrl));
});

afterEach(async () => {
  await closeDatabase();
  env().databaseUrl = databaseUrl;
  proxy.close();
});

test.each(ways)(
  "through %s, a database that answers nothing is an outage within 3 s, and at once from then on",
  async (_, ask) => {
    await closeDatabase();
    env().databaseUrl = proxy.url;
    await ask(readOne);
    proxy.mute();
    for (const limitMs of [withinMs, withinMs, 500]) expect(await msUntilOutage(ask(readOne))).toBeLessThan(limitMs);
    proxy.restore();
    await expect
      .poll(
        () =>
          ask(readOne).then(
            () => "answered",
            () => "out",
          ),
        { timeout: 20_000 },
      )
      .toBe("answered");
  },
);

test.each(ways)(
  "through %s, connections that a firewall forgets are an outage within 3 s, and the others work at once",
  async (_, ask) => {
    await closeDatabase();
    env().databaseUrl = proxy.url;
    await Promise.all(Array.from({ length: 8 }, () => ask("SELECT 1 AS one FROM pg_sleep(0.2)")));
    proxy.lose();
    expect(await msUntilOutage(ask(readOne))).toBeLessThan(withinMs);
    for (let count = 0; count < 8; count++) await ask(readOne);
  },
);

test("a change in one statement may have happened only if the statement was sent", async () => {
  await closeDatabase();
  env().databaseUrl = proxy.url;
  const change = () => inOneStatement((write) => write(Prisma.sql`SELECT 1 AS one`));
  const saysItMayHaveHappened = async () => {
    const error = await failureOf(change());
    expect(error instanceof Refusal ? error.code === "unavailable" : isOutage(error)).toBe(true);
    return error instanceof Refusal;
  };
  await change();
  proxy.mute();
  expect(await saysItMayHaveHappened()).toBe(true);
  expect(await saysItMayHaveHappened()).toBe(false);
  await closeDatabase();
  proxy.cut();
  expect(await saysItMayHaveHappened()).toBe(false);
});

test("a slow answer of a database that responds is waited for", async () => {
  const { rows } = await pool().query("SELECT 1 AS one FROM pg_sleep(4)");
  expect(rows).toEqual([{ one: 1 }]);
});

test("a database that accepts no changes is an outage", async () => {
  const name = new URL(databaseUrl).pathname.slice(1);
  await alone(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
  try {
    await closeDatabase();
    for (const [, ask] of ways) expect(isOutage(await failureOf(ask(readOne)))).toBe(true);
  } finally {
    await alone(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
  }
});

test("a commit that is not confirmed in time is refused as one that may have happened", {
  timeout: 60_000,
}, async () => {
  await alone("CREATE TABLE slow_commits (n int)");
  await alone(`CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM set_config('statement_timeout', '0', false), pg_sleep(60); RETURN NULL; END $$`);
  await alone(`CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON slow_commits DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION wait_at_commit()`);
  const began = performance.now();
  const error = await failureOf(inTransaction((tx) => tx.$executeRaw`INSERT INTO slow_commits VALUES (1)`));
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(error).toMatchObject({ code: "unavailable", message: expect.stringContaining("may have happened") });
  expect(isOutage((error as Error).cause)).toBe(true);
});

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error) => error,
  );
}

async function msUntilOutage(promise: Promise<unknown>): Promise<number> {
  const began = performance.now();
  expect(isOutage(await failureOf(promise))).toBe(true);
  return performance.now() - began;
}

async function alone(sql: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client
    .query("SET default_transaction_read_only = off")
    .then(() => client.query(sql))
    .finally(() => client.end());
}
