import { beforeAll, describe, expect, test } from "vitest";
import { days, later } from "@/lib/clock";
import type { Actor } from "@/lib/permissions/actor";
import { actorOf, introduceCast, signIn } from "@/testing/cast";
import { statementsOf } from "@/testing/count-statements";
import { bearerOf, makeToken, morning } from "@/testing/tokens";
import { bulkChange } from "./bulk";
import { createToken, editToken, removeByValue, removePresentedToken, removeToken } from "./commands";
import { countTokens, getToken, listTokens, presentedToken } from "./queries";
import { newToken, type TokenPatch, tokenFilter, tokenSort, tokenStateFilter } from "./schema";

const gauge = "workspace/Rivers/gauge-levels:run";
const inDays = (count: number) => later(morning, days(count));
const input = (name: string, permissions = [gauge, "jobs:access"]) =>
  newToken.parse({ name, expiresAt: inDays(7).toISOString(), permissions });

let ada: Actor;
let manager: Actor;

beforeAll(async () => {
  await introduceCast(morning);
  ada = await actorOf("ada", morning);
  const { value } = await makeToken(ada, { allPermissions: true });
  manager = await bearerOf(value, morning);
});

const count = async (work: () => Promise<unknown>) => (await statementsOf(work)).length;

describe.each(["a session", "a token"] as const)("by %s", (kind) => {
  const who = () => (kind === "a session" ? ada : manager);

  test("a token is created in one statement, with its grants, audit event and key", async () => {
    expect(await count(() => createToken(who(), input(`${kind}: plain`)))).toBe(1);
    expect(await count(() => createToken(who(), input(`${kind}: with a key`), `${kind.length}-once`))).toBe(1);
    const all = newToken.parse({ name: `${kind}: all`, expiresAt: inDays(7).toISOString(), allPermissions: true });
    expect(await count(() => createToken(who(), all))).toBe(1);
  });

  const changes: [string, TokenPatch][] = [
    ["disabled", { enabled: false }],
    ["enabled", { enabled: true }],
    ["renamed", { name: `${kind}: renamed`, description: "by a test" }],
    ["prolonged and opened to URLs", { expiresAt: inDays(20), inUrl: true }],
    ["given other permissions", { permissions: ["tokens:manage", gauge] }],
    ["given All Permissions", { allPermissions: true }],
    ["narrowed", { permissions: [] }],
    ["left as it is", { description: "by a test" }],
  ];

  test("a token is changed in two statements", async () => {
    const { token } = await createToken(who(), input(`${kind}: to be changed`));
    for (const [name, change] of changes) {
      expect(await count(() => editToken(who(), token.id, change)), name).toBeLessThanOrEqual(2);
    }
    for (const change of ["disable", "enable", "remove"] as const) {
      expect(await count(() => bulkChange(who(), { change, ids: [token.id] })), change).toBe(2);
    }
  });

  test("a token is removed in two statements, by its value in three", async () => {
    const { token } = await makeToken(who());
    expect(await count(() => removeToken(who(), token.id))).toBe(2);
    const presented = await bearerOf((await makeToken(who())).value, morning);
    expect(await count(() => removePresentedToken(presented))).toBe(2);
    const { value } = await makeToken(who());
    expect(await count(() => removeByValue(value, { now: morning, ip: null, agent: null }))).toBe(3);
  });

  test("a page of 25 is one statement, in every order and with every filter", async () => {
    for (let each = 0; each < 30; each++) await makeToken(who(), { name: `${kind}: of a page ${each}` });
    for (const sort of tokenSort.options) {
      for (const kind of ["api", undefined] as const) {
        const first = await listTokens(who(), tokenFilter.parse({ kind, sort }));
        expect(first.items).toHaveLength(25);
        const cursor = first.nextCursor ?? "";
        expect(await count(() => listTokens(who(), tokenFilter.parse({ kind, sort })))).toBe(1);
        expect(await count(() => listTokens(who(), tokenFilter.parse({ kind, sort, cursor })))).toBe(1);
      }
    }
    for (const state of tokenStateFilter.options) {
      expect(await count(() => listTokens(who(), tokenFilter.parse({ state, q: "of a page" })))).toBe(1);
      expect(await count(() => countTokens(who(), { kind: "api", state }))).toBe(1);
    }
  });

  test("one token is read in one statement", async () => {
    const { token, value } = await makeToken(who());
    expect(await count(() => getToken(who(), token.id))).toBe(1);
    const presented = await bearerOf(value, morning);
    expect(await count(() => presentedToken(presented))).toBe(1);
  });
});

test("other sessions are removed in three statements", async () => {
  const others = await Promise.all([signIn("ada", morning), signIn("ada", morning)]);
  expect(await count(() => bulkChange(ada, { change: "remove", ids: "all-but-current" }))).toBe(3);
  for (const { id } of others) await expect(getToken(ada, id)).rejects.toMatchObject({ code: "not-found" });
});

test("whoever was not verified is checked under locks, in more statements", async () => {
  const { asOf, ...unverified } = ada;
  expect(asOf).toBeDefined();
  expect(await count(() => createToken(unverified, input("under locks")))).toBeGreaterThan(3);
});
