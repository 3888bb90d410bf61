import { beforeAll, expect, test } from "vitest";
import { days, later, minutes } from "@/lib/clock";
import { db, inTransaction } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { actorOf, introduceCast, signIn } from "@/testing/cast";
import { statementsOf } from "@/testing/count-statements";
import { writeManyTokens } from "@/testing/many-tokens";
import { bearerOf, makeToken, morning } from "@/testing/tokens";
import { bulkChange, disableApiTokens } from "./bulk";
import { getToken, listTokens, tokenHistory } from "./queries";
import { tokenFilter } from "./schema";
import { endSession } from "./sessions";

const unknownId = "01980000-0000-7000-8000-000000000000";
const tomorrow = later(morning, days(1));

let ada: Actor;
let olu: Actor;

beforeAll(async () => {
  await introduceCast(morning);
  [ada, olu] = await Promise.all([actorOf("ada", morning), actorOf("olu", morning)]);
});

const outcomesOf = async (who: Actor, input: Parameters<typeof bulkChange>[1]) =>
  (await bulkChange(who, input)).outcomes.map(({ id, outcome }) => ({ id, outcome }));

test("each token has its outcome, in the order of the request; somebody else's is as unknown as one that never existed", async () => {
  const on = (await makeToken(ada)).token.id;
  const off = (await makeToken(ada, { enabled: false })).token.id;
  const olus = (await makeToken(olu)).token.id;
  const ids = [olus, on, "no-id", off, unknownId, on];
  expect(await outcomesOf(ada, { change: "disable", ids })).toEqual([
    { id: olus, outcome: "not-found" },
    { id: on, outcome: "changed" },
    { id: "no-id", outcome: "not-found" },
    { id: off, outcome: "unchanged" },
    { id: unknownId, outcome: "not-found" },
  ]);
  expect((await getToken(olu, olus)).enabled).toBe(true);
});

test("a changed token is answered in its new state and recorded once", async () => {
  const { token } = await makeToken(ada);
  const [outcome] = (await bulkChange(ada, { change: "disable", ids: [token.id] })).outcomes;
  expect(outcome?.token).toMatchObject({ id: token.id, state: "disabled", enabled: false });
  await bulkChange(ada, { change: "disable", ids: [token.id] });
  const { items } = await tokenHistory(ada, token.id, { limit: 10 });
  expect(items.map(({ action }) => action)).toEqual(["token.disable", "token.create"]);
});

test("an expired API token is enabled only with a new expiration; other tokens keep theirs", async () => {
  const expired = (await makeToken(ada, { expiresAt: tomorrow.toISOString(), enabled: false })).token;
  const disabled = (await makeToken(ada, { enabled: false })).token;
  const then = await actorOf("ada", tomorrow);
  const ids = [expired.id, disabled.id];
  const first = await bulkChange(then, { change: "enable", ids });
  expect(first.outcomes).toMatchObject([
    { outcome: "refused", detail: "This token has expired. Set a new expiration to enable it." },
    { outcome: "changed", token: { state: "active", expiresAt: disabled.expiresAt } },
  ]);
  const expiresAt = later(tomorrow, days(5));
  const second = await bulkChange(then, { change: "enable", ids, expiresAt });
  expect(second.outcomes).toMatchObject([
    { outcome: "changed", token: { state: "active", expiresAt: expiresAt.toISOString() } },
    { outcome: "unchanged", token: { expiresAt: disabled.expiresAt } },
  ]);
  await expect(bulkChange(then, { change: "enable", ids, expiresAt: tomorrow })).rejects.toMatchObject({
    code: "invalid",
    field: "expiresAt",
  });
});

test("an expired session can only be removed", async () => {
  const { id } = await signIn("ada", morning);
  await endSession(ada, id);
  const then = { ...ada, now: later(morning, minutes(1)) };
  for (const change of ["enable", "disable"] as const) {
    expect(await outcomesOf(then, { change, ids: [id] })).toEqual([{ id, outcome: "refused" }]);
  }
  expect(await outcomesOf(then, { change: "remove", ids: [id] })).toEqual([{ id, outcome: "changed" }]);
});

test("removing all other sessions keeps the current one, expired ones and API tokens", async () => {
  const other = await signIn("olu", morning);
  const over = await signIn("olu", morning);
  await endSession(olu, over.id);
  const { token } = await makeToken(olu);
  const then = { ...olu, now: later(morning, minutes(1)) };
  expect(await outcomesOf(then, { change: "remove", ids: "all-but-current" })).toEqual([
    { id: other.id, outcome: "changed" },
  ]);
  const sessions = await listTokens(then, tokenFilter.parse({ kind: "session" }));
  expect(sessions.items.map(({ id }) => id).sort()).toEqual([olu.token.id, over.id].sort());
  expect((await getToken(then, token.id)).state).toBe("active");
});

test("removing records the settings of the token", async () => {
  const { token } = await makeToken(ada, { name: "to be removed" });
  const { outcomes } = await bulkChange(ada, { change: "remove", ids: [token.id] });
  expect(outcomes).toEqual([{ id: token.id, outcome: "changed", detail: null, token: null }]);
  const [event] = (await tokenHistory(ada, token.id, { limit: 1 })).items;
  expect(event).toMatchObject({ action: "token.remove", before: { name: "to be removed", enabled: true } });
});

test("a token without `tokens:manage` is refused", async () => {
  const { token, value } = await makeToken(ada, { permissions: ["jobs:access"] });
  const narrow = await bearerOf(value, morning);
  await expect(bulkChange(narrow, { change: "remove", ids: [token.id] })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("disabling 20,000 tokens takes as many statements as disabling one, and each has an audit event", async () => {
  const mia = await actorOf("mia", morning);
  const disabling = async () => {
    let count = 0;
    const statements = await statementsOf(async () => {
      count = await inTransaction((tx) => disableApiTokens(tx, mia));
    });
    return { count, statements: statements.length };
  };
  // One token first: the plan that the connection caches for it must not be used for many.
  await writeManyTokens(mia.userId, 1, morning);
  const one = await disabling();
  await db.token.deleteMany({ where: { ownerId: mia.userId, kind: "api" } });
  await writeManyTokens(mia.userId, 20_000, morning);
  expect(await disabling()).toEqual({ ...one, count: 20_000 });
  expect(await db.token.count({ where: { ownerId: mia.userId, kind: "api", enabled: true } })).toBe(0);
  const where = { action: "token.disable", subjectOwnerId: mia.userId };
  expect(await db.auditEvent.count({ where })).toBe(20_001);
  expect(await db.auditEvent.findFirst({ where })).toMatchObject({
    ...{ actorName: "mia", subjectType: "token", subjectName: "token 00001" },
    ...{ before: { enabled: true }, after: { enabled: false } },
  });
});
