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

/** Does the same 200 times concurrently. Answers the results and the codes of refusals; any other error fails the test. */
async function repeat200<T>(work: (index: number) => Promise<T>): Promise<{ done: T[]; refused: string[] }> {
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

test("of 200 concurrent tokens of one name, one is created", async () => {
  const { done, refused } = await repeat200(() => createToken(ada, input("one of its name")));
  expect(done).toHaveLength(1);
  expect(new Set(refused)).toEqual(new Set(["conflict"]));
  expect(await db.token.count({ where: { name: "one of its name" } })).toBe(1);
  expect(await db.auditEvent.count({ where: { subjectName: "one of its name" } })).toBe(1);
});

test("200 retries with one Idempotency-Key create one token and show one value", async () => {
  const { done, refused } = await repeat200(() => createToken(ada, input("retried"), "retry-200"));
  expect(refused).toEqual([]);
  expect(done.filter(({ value }) => value !== null)).toHaveLength(1);
  expect(new Set(done.map(({ token }) => token.id)).size).toBe(1);
  expect(await db.token.count({ where: { name: "retried" } })).toBe(1);
});

test("a token that is removed 200 times concurrently is removed once", async () => {
  const { token } = await makeToken(ada);
  const { done, refused } = await repeat200(() => removeToken(ada, token.id));
  expect(done).toHaveLength(1);
  expect(refused).toEqual(Array(199).fill("not-found"));
  expect(await actions(token.id)).toEqual(["token.remove", "token.create"]);
});

test("a token that is switched 200 times concurrently has a consistent history", async () => {
  const { token } = await makeToken(ada);
  await repeat200((index) => editToken(ada, token.id, { enabled: index % 2 === 0 }));
  const recorded = (await actions(token.id)).reverse();
  // Enabling and disabling alternate: no event records a change that did not happen.
  expect(recorded.slice(1)).toEqual(
    recorded.slice(1).map((_, index) => (index % 2 === 0 ? "token.disable" : "token.enable")),
  );
  expect((await getToken(ada, token.id)).enabled).toBe(recorded.at(-1) !== "token.disable");
});

test("concurrent enabling, disabling and removing of many, in any order, neither deadlocks nor loses one", async () => {
  const made = await Promise.all(Array.from({ length: 12 }, () => makeToken(ada)));
  const ids = made.map(({ token }) => token.id);
  const { refused } = await repeat200((index) => {
    const turned = [...ids.slice(index % 12), ...ids.slice(0, index % 12)];
    const change = index === 150 ? "remove" : index % 2 === 0 ? "enable" : "disable";
    return bulkChange(ada, { change, ids: turned });
  });
  expect(refused).toEqual([]);
  expect(await db.token.count({ where: { id: { in: ids } } })).toBe(0);
  for (const id of ids) expect((await actions(id))[0]).toBe("token.remove");
});

test("200 concurrent edits of the permissions leave exactly one of the lists", async () => {
  const { token } = await makeToken(ada);
  const lists = [["jobs:access"], ["tokens:manage"], ["repositories:create", "repository/Rivers:run"]];
  const { refused } = await repeat200((index) => editToken(ada, token.id, { permissions: lists[index % 3] }));
  expect(refused).toEqual([]);
  expect(lists).toContainEqual((await getToken(ada, token.id)).permissions);
});
