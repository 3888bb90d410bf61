import { beforeAll, expect, test } from "vitest";
import { days, later, minutes } from "@/lib/clock";
import { db, type Tx } from "@/lib/db";
import { encodeCursor } from "@/lib/paging";
import type { Actor } from "@/lib/permissions/actor";
import { actorOf, introduceCast, signIn } from "@/testing/cast";
import { bearerOf, makeToken, morning } from "@/testing/tokens";
import { bulkChange } from "./bulk";
import { tokenHistory } from "./queries";
import { type TokenChanges, type TokenOutcome, tokenChanges } from "./schema";

const tomorrow = later(morning, days(1));

let ada: Actor;
let olu: Actor;

beforeAll(async () => {
  await introduceCast(morning);
  [ada, olu] = await Promise.all([actorOf("ada", morning), actorOf("olu", morning)]);
});

/** Creates tokens `<noun> 1`, `<noun> 2`, …, a minute apart. */
async function makeTokens(who: Actor, noun: string, count: number, settings: Parameters<typeof makeToken>[1] = {}) {
  const names = Array.from({ length: count }, (_, index) => `${noun} ${index + 1}`);
  for (const [index, name] of names.entries()) {
    await makeToken({ ...who, now: later(who.now, minutes(index)) }, { ...settings, name });
  }
  return names;
}

/** Changes all matching tokens and answers the outcomes of each batch. */
async function changeInBatches(who: Actor, input: TokenChanges, between: () => Promise<unknown> = async () => {}) {
  const batches: TokenOutcome[][] = [];
  let cursor: string | undefined;
  do {
    const { outcomes, nextCursor } = await bulkChange(who, { ...input, cursor });
    batches.push(outcomes);
    cursor = nextCursor ?? undefined;
    await between();
  } while (cursor !== undefined && batches.length < 50);
  return batches;
}

const enabledOf = async (who: Actor, noun: string) => {
  const rows = await db.token.findMany({
    where: { ownerId: who.userId, name: { startsWith: noun } },
    orderBy: { createdAt: "asc" },
    select: { name: true, enabled: true },
  });
  return rows.filter(({ enabled }) => enabled).map(({ name }) => name);
};

test("all matching tokens of the actor are changed once, in batches, each with an audit event", async () => {
  const names = await makeTokens(ada, "batch", 7);
  await makeTokens(olu, "batch", 2);
  const then = { ...ada, now: later(morning, minutes(10)) };
  const batches = await changeInBatches(then, { change: "disable", matching: { kind: "api", q: "batch" }, limit: 3 });
  expect(batches.map((outcomes) => outcomes.length)).toEqual([3, 3, 1]);
  const outcomes = batches.flat();
  expect(new Set(outcomes.map(({ id }) => id)).size).toBe(names.length);
  expect(outcomes.every(({ outcome, token }) => outcome === "changed" && token === null)).toBe(true);
  expect(await enabledOf(ada, "batch")).toEqual([]);
  expect(await enabledOf(olu, "batch")).toHaveLength(2);
  const { items } = await tokenHistory(ada, outcomes[6]?.id ?? "", { limit: 10 });
  expect(items.map(({ action }) => action)).toEqual(["token.disable", "token.create"]);
});

test("tokens of batches that were not requested stay unchanged", async () => {
  const names = await makeTokens(ada, "stopped", 4);
  const then = { ...ada, now: later(morning, minutes(10)) };
  const { nextCursor } = await bulkChange(then, {
    change: "disable",
    matching: { kind: "api", q: "stopped" },
    limit: 2,
  });
  expect(nextCursor).not.toBeNull();
  expect(await enabledOf(ada, "stopped")).toEqual(names.slice(2));
});

test("tokens that are created or match after the first batch stay unchanged", async () => {
  await makeTokens(ada, "later", 3);
  const then = { ...ada, now: later(morning, minutes(10)) };
  let made = 0;
  const makeAnother = () => makeToken({ ...ada, now: later(morning, minutes(11)) }, { name: `later still ${++made}` });
  await changeInBatches(then, { change: "remove", matching: { kind: "api", q: "later" }, limit: 1 }, makeAnother);
  expect(await enabledOf(ada, "later")).toEqual(["later still 1", "later still 2", "later still 3"]);

  const before = later(morning, minutes(11));
  await makeToken({ ...ada, now: later(morning, minutes(12)) }, { name: "later than that" });
  await changeInBatches({ ...ada, now: tomorrow }, { change: "remove", matching: { kind: "api", q: "later" }, before });
  expect(await enabledOf(ada, "later")).toEqual(["later than that"]);
});

test("tokens are matched by their state at the cut-off", async () => {
  const expiresAt = later(morning, minutes(30)).toISOString();
  const names = await makeTokens(ada, "short-lived", 2, { expiresAt });
  const then = { ...ada, now: later(morning, minutes(40)) };
  const expired = { change: "remove", matching: { kind: "api", state: "expired", q: "short-lived" } } as const;
  expect(await changeInBatches(then, { ...expired, before: later(morning, minutes(20)) })).toEqual([[]]);
  expect(await enabledOf(ada, "short-lived")).toEqual(names);
  expect((await changeInBatches(then, expired)).flat()).toHaveLength(2);
  expect(await enabledOf(ada, "short-lived")).toEqual([]);
});

test("expired tokens are enabled with a new expiration and refused without one", async () => {
  await makeTokens(ada, "over", 3, { expiresAt: tomorrow.toISOString() });
  const then = await actorOf("ada", tomorrow);
  const enable = { change: "enable", matching: { kind: "api", state: "expired", q: "over" }, limit: 2 } as const;
  expect((await changeInBatches(then, enable)).flat().map(({ outcome }) => outcome)).toEqual(Array(3).fill("refused"));
  const expiresAt = later(tomorrow, days(5));
  expect((await changeInBatches(then, { ...enable, expiresAt })).flat().map(({ outcome }) => outcome)).toEqual(
    Array(3).fill("changed"),
  );
  const rows = await db.token.findMany({ where: { ownerId: ada.userId, name: { startsWith: "over" } } });
  expect(rows.map((row) => row.expiresAt)).toEqual(Array(3).fill(expiresAt));
});

test("the token that authenticates the request stays unchanged, whether a session or not", async () => {
  const others = [await signIn("olu", morning), await signIn("olu", morning)].map(({ id }) => id);
  const sessions = (
    await changeInBatches(olu, { change: "remove", matching: { kind: "session", state: "active" } })
  ).flat();
  expect(sessions.filter(({ outcome }) => outcome === "changed").map(({ id }) => id)).toEqual(
    expect.arrayContaining(others),
  );
  expect(sessions.filter(({ outcome }) => outcome !== "changed")).toEqual([
    { id: olu.token.id, outcome: "refused", detail: expect.stringContaining("the one you are using"), token: null },
  ]);

  const { value } = await makeToken(olu, { name: "manager of its own", permissions: ["tokens:manage"] });
  const manager = await bearerOf(value, morning);
  const [outcome] = (
    await changeInBatches(manager, { change: "disable", matching: { kind: "api", q: "manager of" } })
  ).flat();
  expect(outcome).toMatchObject({ id: manager.token.id, outcome: "refused" });
});

test("a token that no longer matches after the batch waited for its lock stays unchanged", async () => {
  const [name = ""] = await makeTokens(ada, "contended", 1);
  const then = { ...ada, now: later(morning, minutes(10)) };
  const { id } = await db.token.findFirstOrThrow({ where: { ownerId: ada.userId, name } });
  let change: Promise<TokenOutcome[][]> = Promise.resolve([]);
  const rename = async (tx: Tx) => {
    await tx.token.update({ where: { id }, data: { name: "renamed meanwhile" } });
    change = changeInBatches(then, { change: "remove", matching: { kind: "api", q: "contended" } });
    await waitForBlocking();
  };
  await db.$transaction(rename, { timeout: 35_000 });
  expect((await change).flat()).toEqual([]);
  expect(await db.token.count({ where: { id } })).toBe(1);
});

/** Waits until a transaction waits for a row lock of another. */
async function waitForBlocking(): Promise<void> {
  const waiting = async () => {
    const rows = await db.$queryRaw<unknown[]>`
      SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return rows.length;
  };
  await expect.poll(waiting, { timeout: 30_000 }).toBeGreaterThan(0);
}

test.each([
  "x",
  encodeCursor(["batch", 0, 0, "x"]),
  encodeCursor(["-createdAt", 0, "01980000-0000-7000-8000-000000000000"]),
])("a cursor that is not one of a batch (%s) is refused", async (cursor) => {
  const input = { change: "disable", matching: { kind: "api" }, cursor } as const;
  await expect(bulkChange(ada, input)).rejects.toMatchObject({ code: "invalid", field: "cursor" });
});

test.each([
  [{ change: "disable" }, "ids"],
  [{ change: "disable", ids: ["x"], matching: { kind: "api" } }, "ids"],
  [{ change: "disable", ids: ["x"], limit: 10 }, "matching"],
  [{ change: "disable", matching: {} }, "matching.kind"],
  [{ change: "disable", matching: { kind: "api" }, limit: 1001 }, "limit"],
  [{ change: "disable", matching: { kind: "api", owner: "eve" } }, "matching"],
])("%j is refused on %s", (input, field) => {
  const { error } = tokenChanges.safeParse(input);
  expect(error?.issues[0]?.path.join(".")).toBe(field);
});

test("a token without `tokens:manage` is refused", async () => {
  const narrow = await bearerOf((await makeToken(ada, { permissions: ["jobs:access"] })).value, morning);
  const input = { change: "remove", matching: { kind: "api" } } as const;
  await expect(bulkChange(narrow, input)).rejects.toMatchObject({ code: "forbidden" });
});
