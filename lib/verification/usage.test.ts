import { beforeAll, beforeEach, expect, test } from "vitest";
import { later, minutes } from "@/lib/clock";
import { closeDatabase, pool } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { getToken } from "@/lib/tokens/queries";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken, morning } from "@/testing/tokens";
import { flushUsage, noteUse, startUsage, stopUsage } from "./usage";

let ada: Actor;
let id: string;

beforeAll(async () => {
  await introduceCast(morning);
  ada = await actorOf("ada", morning);
});

beforeEach(async () => {
  id = (await makeToken(ada)).token.id;
});

const seconds = (count: number) => later(morning, count * 1_000);
const here = { ip: "192.0.2.1", agent: "here" };
const there = { ip: "2001:db8::1", agent: "there" };
/** A client as the API shows it. */
const shown = ({ ip, agent }: typeof here) => ({ address: ip, agent });
const lastUsed = async () => (await getToken(ada, id)).lastUsed;

test("a token that was never used says so; a use is seen once it is written down", async () => {
  noteUse(id, { at: seconds(10), ...here });
  expect(await lastUsed()).toBeNull();
  await flushUsage();
  expect(await lastUsed()).toEqual({ at: seconds(10).toISOString(), ...shown(here) });
});

test("of many uses in any order the latest is stored", async () => {
  noteUse(id, { at: seconds(10), ...here });
  noteUse(id, { at: seconds(30), ...there });
  noteUse(id, { at: seconds(20), ...here });
  await flushUsage();
  expect(await lastUsed()).toEqual({ at: seconds(30).toISOString(), ...shown(there) });
});

test("the same client is written down once a minute", async () => {
  for (const count of [0, 59, 60, 119]) {
    noteUse(id, { at: seconds(count), ...here });
    await flushUsage();
  }
  expect((await lastUsed())?.at).toBe(seconds(60).toISOString());
});

test("another address or program is written down at once", async () => {
  noteUse(id, { at: seconds(0), ...here });
  await flushUsage();
  noteUse(id, { at: seconds(1), ...there });
  await flushUsage();
  expect(await lastUsed()).toEqual({ at: seconds(1).toISOString(), ...shown(there) });
});

test("it never moves back, whichever instance writes last", async () => {
  noteUse(id, { at: later(morning, minutes(5)), ...here });
  await flushUsage();
  noteUse(id, { at: later(morning, minutes(2)), ...there });
  await flushUsage();
  expect((await lastUsed())?.at).toBe(later(morning, minutes(5)).toISOString());
});

test("many tokens are written down in one statement, and one that was removed meanwhile is no trouble", async () => {
  const others = await Promise.all(Array.from({ length: 20 }, () => makeToken(ada)));
  for (const { token } of others) noteUse(token.id, { at: seconds(5), ...here });
  noteUse("01980000-0000-7000-8000-000000000000", { at: seconds(5), ...here });
  await flushUsage();
  for (const { token } of others) expect((await getToken(ada, token.id)).lastUsed?.at).toBe(seconds(5).toISOString());
});

test("what could not be written down is kept for the next time", async () => {
  noteUse(id, { at: seconds(7), ...here });
  await pool().query("ALTER TABLE tokens RENAME TO tokens_away");
  await expect(flushUsage()).rejects.toThrow();
  await pool().query("ALTER TABLE tokens_away RENAME TO tokens");
  await flushUsage();
  expect((await lastUsed())?.at).toBe(seconds(7).toISOString());
});

test("the last uses are written down when the server stops", async () => {
  startUsage();
  noteUse(id, { at: seconds(9), ...here });
  await stopUsage();
  await closeDatabase();
  expect((await lastUsed())?.at).toBe(seconds(9).toISOString());
});
