import { beforeAll, expect, test, vi } from "vitest";
import { days, later } from "@/lib/clock";
import { db } from "@/lib/db";
import { Refusal } from "@/lib/errors";
import type { Actor } from "@/lib/permissions/actor";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken, morning } from "@/testing/tokens";
import { bulkChange } from "./bulk";
import { createToken, editToken, removeToken } from "./commands";
import { getToken, tokenHistory } from "./queries";
import { newToken } from "./schema";

// 200 transactions take a second on a quiet machine and many on a busy one.
vi.setConfig({ testTimeout: 60_000 });

let ada: Actor;

beforeAll(async () => {
  await introduceCast(morning);
  ada = await actorOf("ada", morning);
});

/** The same done 200 times side by side: what came back, and the codes of the refusals. Anything else thrown fails the test. */
async function at200<T>(work: (index: number) => Promise<T>): Promise<{ done: T[]; refused: string[] }> {
  const settled = await Promise.allSettled(Array.from({ length: 200 }, (_, index) => work(index)));
  const done = settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const refused = settled.flatMap((each) => {
    if (each.status === "fulfilled") return [];
    if (!(each.reason instanceof Refusal)) throw each.reason;
    return [each.reason.code];
  });
  return { done, refused };
}

const input = (name: string) =>
  newToken.parse({ name, expiresAt: later(morning, days(7)).toISOString(), permissions: ["jobs:access"] });

const actions = async (id: string) => (await tokenHistory(ada, id, { limit: 1000 })).items.map(({ action }) => action);

test("of 200 tokens made under one name at once, one is made", async () => {
  const { done, refused } = await at200(() => createToken(ada, input("one of its name")));
  expect(done).toHaveLength(1);
  expect(new Set(refused)).toEqual(new Set(["conflict"]));
  expect(await db.token.count({ where: { name: "one of its name" } })).toBe(1);
  expect(await db.auditEvent.count({ where: { subjectName: "one of its name" } })).toBe(1);
});

test("200 retries under one Idempotency-Key make one token and show one value", async () => {
  const { done, refused } = await at200(() => createToken(ada, input("retried"), "retry-200"));
  expect(refused).toEqual([]);
  expect(done.filter(({ value }) => value !== null)).toHaveLength(1);
  expect(new Set(done.map(({ token }) => token.id)).size).toBe(1);
  expect(await db.token.count({ where: { name: "retried" } })).toBe(1);
});

test("a token that is removed 200 times at once is removed once", async () => {
  const { token } = await makeToken(ada);
  const { done, refused } = await at200(() => removeToken(ada, token.id));
  expect(done).toHaveLength(1);
  expect(refused).toEqual(Array(199).fill("not-found"));
  expect(await actions(token.id)).toEqual(["token.remove", "token.create"]);
});

test("a token that is switched on and off 200 times at once tells a history that fits together", async () => {
  const { token } = await makeToken(ada);
  await at200((index) => editToken(ada, token.id, { enabled: index % 2 === 0 }));
  const told = (await actions(token.id)).reverse();
  // Each switch followed the other one: nobody wrote down a change that was none.
  expect(told.slice(1)).toEqual(told.slice(1).map((_, index) => (index % 2 === 0 ? "token.disable" : "token.enable")));
  expect((await getToken(ada, token.id)).enabled).toBe(told.at(-1) !== "token.disable");
});

test("enabling, disabling and removing many at once, named in any order, neither deadlocks nor loses one", async () => {
  const made = await Promise.all(Array.from({ length: 12 }, () => makeToken(ada)));
  const ids = made.map(({ token }) => token.id);
  const { refused } = await at200((index) => {
    const turned = [...ids.slice(index % 12), ...ids.slice(0, index % 12)];
    const change = index === 150 ? "remove" : index % 2 === 0 ? "enable" : "disable";
    return bulkChange(ada, { change, ids: turned });
  });
  expect(refused).toEqual([]);
  expect(await db.token.count({ where: { id: { in: ids } } })).toBe(0);
  for (const id of ids) expect((await actions(id))[0]).toBe("token.remove");
});

test("200 edits of the permissions at once leave exactly one of the lists", async () => {
  const { token } = await makeToken(ada);
  const lists = [["jobs:access"], ["tokens:manage"], ["repositories:create", "repository/Rivers:run"]];
  const { refused } = await at200((index) => editToken(ada, token.id, { permissions: lists[index % 3] }));
  expect(refused).toEqual([]);
  expect(lists).toContainEqual((await getToken(ada, token.id)).permissions);
});
