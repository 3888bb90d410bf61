import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pool } from "@/lib/db";
import { env } from "@/lib/env";
import { ensureSortOrder } from "./sort-order";

const client = new Client({ connectionString: env().databaseUrl });
beforeAll(() => client.connect());
afterAll(() => client.end());

const versions = async () => {
  const { rows } = await pool().query(
    "SELECT collversion AS noted, pg_collation_actual_version(oid) AS actual FROM pg_collation WHERE collname = 'natural_order'",
  );
  return rows[0];
};

test("the embedded PostgreSQL has ICU, and there is nothing to say", async () => {
  expect(await ensureSortOrder(client)).toBeNull();
  const { noted, actual } = await versions();
  expect(noted).toBe(actual);
});

test("after another ICU version came, the indexes of names are rebuilt once", async () => {
  const fileOf = async () => (await pool().query("SELECT pg_relation_filenode('tokens_by_name') AS file")).rows[0].file;
  await pool().query("UPDATE pg_collation SET collversion = '0' WHERE collname = 'natural_order'");
  const before = await fileOf();
  expect(await ensureSortOrder(client)).toBeNull();
  const rebuilt = await fileOf();
  expect(rebuilt).not.toBe(before);
  const { noted, actual } = await versions();
  expect(noted).toBe(actual);
  await ensureSortOrder(client);
  expect(await fileOf()).toBe(rebuilt);
});

test("without ICU the start says so in one line", async () => {
  await pool().query(`
    ALTER COLLATION natural_order RENAME TO natural_order_of_icu;
    CREATE COLLATION natural_order FROM "C"`);
  expect(await ensureSortOrder(client)).toMatch(/^names sort by code point.*without ICU$/);
});
