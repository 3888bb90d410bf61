import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { days, later } from "@/lib/clock";
import { db } from "@/lib/db";
import { Refusal } from "@/lib/errors";
import type { Actor } from "@/lib/permissions/actor";
import type { Permission } from "@/lib/permissions/catalog";
import { everything, holds } from "@/lib/permissions/effective";
import { blockedBy } from "@/testing/blocked-by";
import { actorOf, introduceCast, signIn } from "@/testing/cast";
import { bearerOf, makeToken, morning } from "@/testing/tokens";
import { bulkChange } from "./bulk";
import { createToken, editToken } from "./commands";
import { getToken } from "./queries";
import { newToken, type TokenPatch } from "./schema";

const inDays = (count: number) => later(morning, days(count));
const gauge = "workspace/Rivers/gauge-levels:run";

let ada: Actor;

beforeAll(async () => {
  await introduceCast(morning);
  ada = await actorOf("ada", morning);
});

type Settings = NonNullable<Parameters<typeof makeToken>[1]>;

/** A token of Ada's that manages tokens, as the actor of a request. */
async function manager(permissions: string[] = [], expiresAt = inDays(7)): Promise<Actor> {
  const settings = { permissions: ["tokens:manage", ...permissions], expiresAt: expiresAt.toISOString() };
  return bearerOf((await makeToken(ada, settings)).value, morning);
}

const target = async (settings: Settings) => (await makeToken(ada, settings)).token;

describe("a token that manages tokens", () => {
  const givings: [string, Settings, TokenPatch][] = [
    ["enable", { enabled: false, expiresAt: inDays(2).toISOString() }, { enabled: true }],
    ["prolong", { expiresAt: inDays(1).toISOString() }, { expiresAt: inDays(2) }],
    ["open to URLs", {}, { inUrl: true }],
  ];

  test.each(givings)("cannot %s a token that was given more", async (_, settings, change) => {
    const narrow = await manager([gauge]);
    const all = await target({ ...settings, allPermissions: true });
    await expect(editToken(narrow, all.id, change)).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("All Permissions"),
    });
    const wider = await target({ ...settings, permissions: [gauge, "repository/Rivers:run"] });
    await expect(editToken(narrow, wider.id, change)).rejects.toMatchObject({
      code: "forbidden",
      extra: { permission: "repository/Rivers:run" },
    });
    expect(await getToken(ada, wider.id)).toMatchObject({ ...settings, inUrl: false });
  });

  test.each(givings)("can %s a token that was given as much, and narrow one to that", async (_, settings, change) => {
    const wide = await manager(["repository/Rivers:run"]);
    const same = await target({ ...settings, permissions: [gauge, "tokens:manage"] });
    await expect(editToken(wide, same.id, change)).resolves.toBeDefined();
    const all = await target({ ...settings, allPermissions: true });
    await expect(editToken(wide, all.id, { ...change, permissions: [gauge] })).resolves.toMatchObject({
      permissions: [gauge],
    });
  });

  test.each(givings)("sees only then that it can %s one", async (_, settings) => {
    const narrow = await manager([gauge]);
    const all = await target({ ...settings, allPermissions: true });
    expect((await getToken(narrow, all.id)).can).toMatchObject({ enable: false, duplicate: false, remove: true });
    const same = await target({ ...settings, permissions: [gauge] });
    expect((await getToken(narrow, same.id)).can.duplicate).toBe(true);
  });

  test("cannot enable a session, which has All Permissions", async () => {
    const { id } = await signIn("ada", morning);
    await editToken(ada, id, { enabled: false });
    const narrow = await manager();
    await expect(editToken(narrow, id, { enabled: true })).rejects.toMatchObject({ code: "forbidden" });
    const { outcomes } = await bulkChange(narrow, { change: "enable", ids: [id] });
    expect(outcomes).toMatchObject([{ outcome: "refused", detail: expect.stringContaining("All Permissions") }]);
  });

  test("in bulk enables only what it may, whether by ids or by a filter", async () => {
    const narrow = await manager([gauge], inDays(3));
    const off = { enabled: false };
    const mine = await target({ ...off, name: "in bulk: mine", permissions: [gauge] });
    const all = await target({ ...off, name: "in bulk: all", allPermissions: true });
    const over = await target({ name: "in bulk: over", expiresAt: inDays(1).toISOString() });
    const ids = [mine.id, all.id, over.id];
    const late = await bearerOf((await makeToken(ada, { allPermissions: true })).value, inDays(2));
    const outcomes = async (who: Actor, expiresAt: Date) =>
      (await bulkChange(who, { change: "enable", ids, expiresAt })).outcomes.map(({ outcome }) => outcome);
    expect(await outcomes({ ...narrow, now: inDays(2) }, inDays(4))).toEqual(["changed", "refused", "refused"]);
    expect(await outcomes({ ...narrow, now: inDays(2) }, inDays(3))).toEqual(["unchanged", "refused", "changed"]);
    expect(await outcomes(late, inDays(3))).toEqual(["unchanged", "changed", "unchanged"]);
    await editToken(ada, all.id, off);
    const matching = { kind: "api", q: "in bulk: all" } as const;
    const byFilter = await bulkChange({ ...narrow, now: inDays(2) }, { change: "enable", matching });
    expect(byFilter.outcomes).toMatchObject([{ outcome: "refused" }]);
  });

  test("neither prolongs itself nor creates or prolongs one beyond its own expiration", async () => {
    const all = await bearerOf(
      (await makeToken(ada, { allPermissions: true, expiresAt: inDays(1).toISOString() })).value,
      morning,
    );
    const refusal = {
      code: "forbidden",
      field: "expiresAt",
      extra: { latest: inDays(1).toISOString() },
      message: expect.stringContaining(inDays(1).toISOString()),
    };
    await expect(editToken(all, all.token.id, { expiresAt: inDays(3650) })).rejects.toMatchObject(refusal);
    await expect(makeToken(all, { expiresAt: inDays(2).toISOString() })).rejects.toMatchObject(refusal);
    const other = await target({ expiresAt: later(morning, 1000).toISOString() });
    await expect(editToken(all, other.id, { expiresAt: inDays(2) })).rejects.toMatchObject(refusal);
    await expect(editToken(all, other.id, { expiresAt: inDays(1) })).resolves.toBeDefined();
    await expect(makeToken(all, { expiresAt: inDays(1).toISOString() })).resolves.toBeDefined();
  });
});

test("a token gives no permission to one that expires later, unless that is shortened with it", async () => {
  const who = await manager([gauge], inDays(2));
  const late = await target({ permissions: ["tokens:manage"], expiresAt: inDays(300).toISOString() });
  const change = { permissions: ["tokens:manage", gauge] };
  const refusal = { code: "forbidden", field: "expiresAt", extra: { latest: inDays(2).toISOString() } };
  await expect(editToken(who, late.id, change)).rejects.toMatchObject(refusal);
  expect(await editToken(who, late.id, { permissions: [] })).toMatchObject({ expiresAt: inDays(300).toISOString() });
  expect(await editToken(who, late.id, { ...change, expiresAt: inDays(2) })).toMatchObject(change);
  const all = await bearerOf(
    (await makeToken(ada, { allPermissions: true, expiresAt: inDays(2).toISOString() })).value,
    morning,
  );
  const other = await target({ expiresAt: inDays(300).toISOString() });
  await expect(editToken(all, other.id, { allPermissions: true })).rejects.toMatchObject(refusal);
  const wide = await target({ allPermissions: true, expiresAt: inDays(300).toISOString() });
  expect(await editToken(who, wide.id, { permissions: [gauge] })).toMatchObject({ permissions: [gauge] });
  expect(await editToken(ada, late.id, { ...change, expiresAt: inDays(300) })).toMatchObject(change);
});

test("a person enables and prolongs tokens with permissions that they have lost, to any expiration", async () => {
  const token = await target({ permissions: ["apps:create"], enabled: false });
  const without = { ...ada, owner: new Set([...ada.owner].filter((each) => each !== "apps:create")) };
  expect(await editToken(without, token.id, { enabled: true, expiresAt: inDays(3650) })).toMatchObject({
    enabled: true,
  });
});

describe("a token that was changed while the request waited", () => {
  const change = (sql: string, who: Actor) => [[sql, who.token.id]] as const;

  test("has the expiration that it was shortened to", async () => {
    const who = await manager();
    const shorten = change(`UPDATE tokens SET expires_at = '${inDays(1).toISOString()}' WHERE id = $1`, who);
    const input = newToken.parse({ name: "outlives", expiresAt: inDays(2).toISOString(), permissions: [] });
    await expect(blockedBy(shorten, () => createToken(who, input))).rejects.toMatchObject({ field: "expiresAt" });
    const other = await target({ expiresAt: later(morning, 1000).toISOString() });
    await db.token.update({ where: { id: who.token.id }, data: { expiresAt: inDays(7) } });
    await expect(blockedBy(shorten, () => editToken(who, other.id, { expiresAt: inDays(2) }))).rejects.toMatchObject({
      field: "expiresAt",
    });
  });

  test("has the permissions that it was narrowed to", async () => {
    const who = await manager([gauge]);
    const narrow = [
      ...change("SELECT FROM tokens WHERE id = $1 FOR UPDATE", who),
      ...change("DELETE FROM grants WHERE token_id = $1 AND resource = 'workspace'", who),
    ];
    const input = newToken.parse({ name: "wider", expiresAt: inDays(2).toISOString(), permissions: [gauge] });
    const refusal = { code: "forbidden", extra: { permission: gauge } };
    await expect(blockedBy(narrow, () => createToken(who, input))).rejects.toMatchObject(refusal);
    const other = await target({ permissions: [gauge], enabled: false });
    await expect(editToken(who, other.id, { enabled: true })).rejects.toMatchObject(refusal);
  });

  test("enables nothing once it is disabled, one by one or in bulk", async () => {
    const who = await manager();
    const other = await target({ enabled: false });
    const disable = change("UPDATE tokens SET enabled = false WHERE id = $1", who);
    const refusal = { code: "unauthenticated" };
    await expect(blockedBy(disable, () => editToken(who, other.id, { enabled: true }))).rejects.toMatchObject(refusal);
    await expect(bulkChange(who, { change: "enable", ids: [other.id] })).rejects.toMatchObject(refusal);
  });

  test("enables others that enable it, 100 times at once, without deadlock", { timeout: 60_000 }, async () => {
    const [first, second] = [await manager([], inDays(3)), await manager([], inDays(3))];
    const pair = [first, second] as const;
    const settled = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) => {
        const [who, other] = index % 2 === 0 ? pair : [pair[1], pair[0]];
        return editToken(who, other.token.id, { enabled: true, inUrl: index % 3 === 0 });
      }),
    );
    expect(settled.filter(({ status }) => status === "rejected")).toEqual([]);
  });
});

test("whatever a token does to another, the other gains nothing that the token may not give", {
  timeout: 120_000,
}, async () => {
  const some = fc.oneof(
    fc.constant("all" as const),
    fc.subarray(["tokens:manage", "jobs:access", gauge, "repository/Rivers:run", "repositories:create"]),
  );
  const expiration = fc.integer({ min: 1, max: 5 }).map(inDays);
  const settingsOf = (given: "all" | string[]) => (given === "all" ? { allPermissions: true } : { permissions: given });
  const shapes = fc.record({
    acting: fc.record({ given: some, expiresAt: expiration }),
    other: fc.record({ given: some, expiresAt: expiration, enabled: fc.boolean(), inUrl: fc.boolean() }),
    change: fc.record(
      { enabled: fc.boolean(), inUrl: fc.boolean(), expiresAt: expiration, given: some },
      { requiredKeys: [] },
    ),
    isItself: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      shapes,
      async ({ acting, other: { given: otherGiven, ...other }, change: { given, ...change }, isItself }) => {
        const own = acting.given === "all" ? acting.given : [...new Set(["tokens:manage", ...acting.given])];
        const made = await makeToken(ada, { ...settingsOf(own), expiresAt: acting.expiresAt.toISOString() });
        const who = await bearerOf(made.value, morning);
        const before = isItself
          ? made.token
          : await target({ ...other, ...settingsOf(otherGiven), expiresAt: other.expiresAt.toISOString() });
        const patch = { ...change, ...(given && settingsOf(given)) };
        const refusal = await editToken(who, before.id, patch).then(
          () => null,
          (error: unknown) => error,
        );
        const after = await getToken(ada, before.id);
        if (refusal !== null) {
          expect(refusal).toBeInstanceOf(Refusal);
          expect({ ...after, current: before.current, can: before.can }).toEqual(before);
        }
        const givenOf = ({ allPermissions, permissions }: typeof after) =>
          allPermissions ? [everything] : permissions;
        const isBeyond = (permission: string) => !holds(who.given, permission as Permission);
        const gains = givenOf(after).filter((permission) => !holds(new Set(givenOf(before)), permission as Permission));
        expect(gains.filter(isBeyond)).toEqual([]);
        if (gains.length > 0) expect(after.expiresAt <= made.token.expiresAt).toBe(true);
        const isProlonged = after.expiresAt > before.expiresAt;
        if (isProlonged) expect(after.expiresAt <= made.token.expiresAt).toBe(true);
        if (isProlonged || (after.enabled && !before.enabled) || (after.inUrl && !before.inUrl)) {
          expect(givenOf(after).filter(isBeyond)).toEqual([]);
        }
      },
    ),
    { numRuns: 150 },
  );
});
