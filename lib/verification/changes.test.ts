import { Client } from "pg";
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { days, later } from "@/lib/clock";
import { db, inTransaction, pool } from "@/lib/db";
import { env } from "@/lib/env";
import type { Prisma } from "@/lib/generated/prisma/client";
import type { Actor } from "@/lib/permissions/actor";
import { bulkChange } from "@/lib/tokens/bulk";
import { editToken, removeToken } from "@/lib/tokens/commands";
import { extendSession } from "@/lib/tokens/sessions";
import { actorOf, introduceCast, type PersonName, signIn } from "@/testing/cast";
import { makeToken, morning } from "@/testing/tokens";
import { flushUsage, noteUse } from "./usage";

const gauge = "workspace/Rivers/gauge-levels:run";
const nothing: Line[] = [];

let ids: Record<PersonName, string>;
let ada: Actor;
let olu: Actor;
let token: string;
/** What was shared with olu. */
let shared: Prisma.GrantCreateManyInput[];

beforeAll(async () => {
  ids = await introduceCast(morning);
  [ada, olu] = await Promise.all([actorOf("ada", morning), actorOf("olu", morning)]);
  shared = await db.grant.findMany({ where: { userId: ids.olu } });
});

beforeEach(async () => {
  // Some of the changes take from olu what they need to make a token.
  await sql("INSERT INTO user_roles VALUES ($1, 'user') ON CONFLICT DO NOTHING", ids.olu);
  await db.grant.createMany({ data: shared, skipDuplicates: true });
  token = (await makeToken(olu, { permissions: [gauge], inUrl: true })).token.id;
});

const ofToken = (): Line => ({ tokens: [token], owners: [], everything: false });
const ofOwners = (...names: PersonName[]): Line => ({
  tokens: [],
  owners: names.map((name) => ids[name]).sort(),
  everything: false,
});
const all: Line = { tokens: [], owners: [], everything: true };

describe("a line is written when a token", () => {
  test.each<[string, () => Promise<unknown>]>([
    ["is disabled", () => editToken(olu, token, { enabled: false })],
    ["is removed, with its grants", () => removeToken(olu, token)],
    ["expires earlier", () => editToken(olu, token, { expiresAt: later(morning, days(1)) })],
    ["may no longer be in a URL", () => editToken(olu, token, { inUrl: false })],
    ["is called otherwise", () => editToken(olu, token, { name: `new ${token}` })],
    ["loses a permission", () => editToken(olu, token, { permissions: [] })],
    ["goes to another owner", () => sql("UPDATE tokens SET owner_id = $2 WHERE id = $1", token, ids.ada)],
    ["is disabled by hand", () => sql("UPDATE tokens SET enabled = false WHERE id = $1", token)],
    ["is deleted by hand", () => sql("DELETE FROM tokens WHERE id = $1", token)],
    ["loses a grant by hand", () => sql("DELETE FROM grants WHERE token_id = $1", token)],
    [
      "is changed by a writer without triggers",
      () => replicated(`UPDATE tokens SET enabled = false WHERE id = '${token}'`),
    ],
  ])("%s", async (_, change) => {
    expect(await linesOf(change)).toEqual([ofToken()]);
  });

  test("gets All Permissions or loses them", async () => {
    const given = await linesOf(() => editToken(olu, token, { allPermissions: true }));
    const taken = await linesOf(() => editToken(olu, token, { permissions: [gauge] }));
    for (const lines of [given, taken]) expect(lines).toContainEqual(ofToken());
  });

  test("that held nothing is given something, in the transaction that also touches its row", async () => {
    const { token: bare } = await makeToken(olu);
    const lines = await linesOf(() => editToken(olu, bare.id, { permissions: [gauge], description: "Now it may." }));
    expect(lines).toEqual([{ ...ofToken(), tokens: [bare.id] }]);
  });
});

describe("a line is written when an owner", () => {
  test.each<[string, () => Promise<unknown>, () => Line]>([
    ["is disabled", () => sql("UPDATE users SET enabled = false WHERE id = $1", ids.eve), () => ofOwners("eve")],
    [
      "has a new password",
      () => sql("UPDATE users SET password_hash = 'x' WHERE id = $1", ids.eve),
      () => ofOwners("eve"),
    ],
    [
      "is called otherwise",
      () => sql("UPDATE users SET user_name = 'evelyn' WHERE id = $1", ids.eve),
      () => ofOwners("eve"),
    ],
    ["loses a role", () => sql("DELETE FROM user_roles WHERE user_id = $1", ids.eve), () => ofOwners("eve")],
    ["gets a role", () => sql("INSERT INTO user_roles VALUES ($1, 'user')", ids.eve), () => ofOwners("eve")],
    [
      "swaps a role",
      () => sql("UPDATE user_roles SET role_name = 'author' WHERE user_id = $1", ids.eve),
      () => ofOwners("eve"),
    ],
    ["loses a grant", () => sql("DELETE FROM grants WHERE user_id = $1", ids.olu), () => ofOwners("olu")],
    ["makes a repository", () => makeRepository("Bank"), () => ofOwners("ada")],
    [
      "gives it away",
      () => sql("UPDATE repositories SET owner_id = $1 WHERE name = 'Bank'", ids.mia),
      () => ofOwners("ada", "mia"),
    ],
    ["loses it", () => sql("DELETE FROM repositories WHERE name = 'Bank'"), () => ofOwners("mia")],
  ])("%s", async (_, change, line) => {
    expect(await linesOf(change)).toEqual([line()]);
  });

  test("is deleted", async () => {
    const guest = await db.user.create({ data: { userName: "guest", fullName: "Guest" }, select: { id: true } });
    const lines = await linesOf(() => sql("DELETE FROM users WHERE id = $1", guest.id));
    expect(lines).toEqual([{ tokens: [], owners: [guest.id], everything: false }]);
  });
});

describe("a line names every member when a role", () => {
  test.each<[string, string]>([
    ["loses a permission", "DELETE FROM grants WHERE role_name = 'author' AND resource = 'jobs'"],
    [
      "gets one",
      "INSERT INTO grants (id, role_name, resource, action) VALUES (gen_random_uuid(), 'author', 'jobs', 'access')",
    ],
    ["holds everything", "UPDATE roles SET everything = true WHERE name = 'author'"],
    ["holds everything no more", "UPDATE roles SET everything = false WHERE name = 'author'"],
  ])("%s", async (_, statement) => {
    await sql("INSERT INTO user_roles VALUES ($1, 'author') ON CONFLICT DO NOTHING", ids.mia);
    expect(await linesOf(() => sql(statement))).toEqual([ofOwners("ada", "mia", "eve")]);
  });

  test("who joined while it was being narrowed is named, too", async () => {
    await sql("DELETE FROM user_roles WHERE user_id = $1 AND role_name = 'author'", ids.mia);
    const narrowing = await session();
    const lines = await linesOf(async () => {
      await narrowing.query("BEGIN");
      await narrowing.query("DELETE FROM grants WHERE role_name = 'author' AND resource = 'jobs'");
      await sql("INSERT INTO user_roles VALUES ($1, 'author')", ids.mia);
      await narrowing.query("COMMIT");
    });
    expect(lines).toEqual([ofOwners("mia"), ofOwners("ada", "mia", "eve")]);
  });
});

describe("a line drops everything when", () => {
  test.each<[string, string]>([
    ["a repository is called otherwise", "UPDATE repositories SET name = 'Examples' WHERE name = 'Samples'"],
    [
      "a workspace is called otherwise",
      "UPDATE workspaces SET name = 'weather' WHERE name = 'seattle-weather-by-month'",
    ],
    ["a table is emptied", "TRUNCATE user_roles"],
    ["very many are named", "UPDATE tokens SET enabled = false WHERE name LIKE 'many %'"],
  ])("%s", async (_, statement) => {
    if (statement.includes("many")) await makeMany(1_001);
    expect(await linesOf(() => sql(statement))).toEqual([all]);
  });
});

describe("no line is written when", () => {
  test.each<[string, () => Promise<unknown>]>([
    ["a token is made, with permissions", () => makeToken(olu, { permissions: [gauge] })],
    ["somebody signs in", () => signIn("ada", morning)],
    ["a session is extended", () => extendSession(ada.token.id, later(morning, 26 * 60_000))],
    ["a token expires later", () => editToken(olu, token, { expiresAt: later(morning, days(90)) })],
    ["a disabled token is enabled", () => sql("UPDATE tokens SET enabled = true WHERE id = $1", token)],
    ["a token is described", () => editToken(olu, token, { description: "For the gauges." })],
    ["a token is used", useToken],
    ["a person is called otherwise", () => sql("UPDATE users SET full_name = 'Eve' WHERE id = $1", ids.eve)],
    ["a workspace is published again", () => sql("UPDATE workspaces SET source = source, updated_at = now()")],
    ["nothing is found to change", () => sql("DELETE FROM tokens WHERE id = gen_random_uuid()")],
    ["a change is undone", undone],
  ])("%s", async (_, act) => {
    expect(await linesOf(act)).toEqual(nothing);
  });
});

test("a statement that changes hundreds of tokens is one line", async () => {
  await makeMany(500);
  const ids = (await db.token.findMany({ where: { name: { startsWith: "many " } }, select: { id: true } })).map(
    ({ id }) => id,
  );
  const [line, ...more] = await linesOf(() => bulkChange(olu, { change: "disable", ids }));
  expect(more).toEqual([]);
  expect(line?.tokens.toSorted()).toEqual(ids.toSorted());
});

test("a change that commits late holds up no other, and numbers follow commits", async () => {
  const slow = await session();
  const { token: other } = await makeToken(olu);
  const lines = await linesOf(async () => {
    await slow.query("BEGIN");
    await slow.query("UPDATE tokens SET enabled = false WHERE id = $1", [token]);
    await editToken(olu, other.id, { enabled: false });
    await slow.query("COMMIT");
  });
  expect(lines.map(({ tokens }) => tokens)).toEqual([[other.id], [token]]);
});

test("two transactions that change the same owners in opposite order do not lock each other out", async () => {
  const [one, two] = [await session(), await session()];
  await one.query("BEGIN; UPDATE users SET enabled = false WHERE user_name = 'eve'");
  await two.query("BEGIN; UPDATE users SET enabled = false WHERE user_name = 'mia'");
  await one.query("INSERT INTO user_roles VALUES ($1, 'user') ON CONFLICT DO NOTHING", [ids.olu]);
  await two.query("INSERT INTO user_roles VALUES ($1, 'author') ON CONFLICT DO NOTHING", [ids.ada]);
  await one.query("COMMIT");
  await two.query("COMMIT");
});

test("numbers have no gaps when many write at once, and old lines are deleted", async () => {
  const before = await counter();
  const many = await Promise.all(Array.from({ length: 40 }, () => makeToken(olu)));
  await Promise.all(many.map(({ token }) => removeToken(olu, token.id)));
  const { rows } = await pool().query("SELECT number::int AS number FROM changes WHERE number > $1 ORDER BY number", [
    before,
  ]);
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 40 }, (_, index) => before + 1 + index));

  await sql("UPDATE change_counter SET value = 20000");
  await sql("INSERT INTO changes (everything) VALUES (true)");
  await sql("UPDATE change_counter SET value = 30000");
  await sql("INSERT INTO changes (everything) VALUES (true)");
  expect(await sql("SELECT number::int AS number FROM changes WHERE number >= 20000")).toEqual([{ number: 30001 }]);
});

interface Line {
  tokens: string[];
  owners: string[];
  everything: boolean;
}

/** The lines that an act adds to the log, as readers see them. */
async function linesOf(act: () => Promise<unknown>): Promise<Line[]> {
  const before = await counter();
  await act();
  const { rows } = await pool().query<Line>(
    `SELECT token_ids AS tokens, ARRAY(SELECT DISTINCT unnest(owner_ids) ORDER BY 1) AS owners, everything
     FROM changes WHERE number > $1 ORDER BY number`,
    [before],
  );
  expect((await counter()) - before).toBe(rows.length);
  return rows.map((line) => ({ ...line, owners: line.owners.toSorted() }));
}

const counter = async () => Number((await sql("SELECT value FROM change_counter"))[0]?.value);

async function sql(statement: string, ...values: unknown[]): Promise<Record<string, unknown>[]> {
  return (await pool().query(statement, values)).rows;
}

/** A connection of a database administrator. */
async function session(): Promise<Client> {
  const client = new Client({ connectionString: env().databaseUrl });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

async function replicated(statement: string): Promise<void> {
  const client = await session();
  await client.query("SET session_replication_role = replica");
  await client.query(statement);
}

const makeRepository = (name: string) => db.repository.create({ data: { name, ownerId: ids.ada } });

async function useToken(): Promise<void> {
  noteUse(token, { at: later(morning, 60_000), ip: null, agent: "curl" });
  await flushUsage();
}

async function undone(): Promise<void> {
  const removal = inTransaction(async (tx) => {
    await tx.token.delete({ where: { id: token } });
    throw new Error("Never mind.");
  });
  await expect(removal).rejects.toThrow("Never mind.");
}

/** Many tokens of Olu's at once. */
async function makeMany(count: number): Promise<void> {
  await sql("DELETE FROM tokens WHERE name LIKE 'many %'");
  await sql(
    `INSERT INTO tokens (id, owner_id, kind, name, digest, last_four, created_at, expires_at)
     SELECT gen_random_uuid(), $1, 'api', 'many ' || n, sha256(n::text::bytea), 'many', now(), $2
     FROM generate_series(1, $3::int) AS n`,
    ids.olu,
    later(morning, days(30)),
    count,
  );
}
