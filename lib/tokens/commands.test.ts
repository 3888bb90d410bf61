import { beforeAll, describe, expect, test } from "vitest";
import { days, later, minutes } from "@/lib/clock";
import { db } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { verify } from "@/lib/verification/verify";
import { actorOf, introduceCast } from "@/testing/cast";
import { bearerOf, makeToken, morning } from "@/testing/tokens";
import { createToken, editToken, removePresentedToken, removeToken } from "./commands";
import { getToken, presentedToken, tokenHistory } from "./queries";
import { newToken } from "./schema";
import { endSession } from "./sessions";

const inDays = (count: number) => later(morning, days(count));
const gauge = "workspace/Rivers/gauge-levels:run";

let root: Actor;
let ada: Actor;
let olu: Actor;

beforeAll(async () => {
  await introduceCast(morning);
  [root, ada, olu] = await Promise.all([actorOf("root", morning), actorOf("ada", morning), actorOf("olu", morning)]);
});

const present = (value: string, now = morning) => verify(value, { now, ip: null, agent: null });

describe("creating a token", () => {
  test("answers the token and its value, which works at once", async () => {
    const input = newToken.parse({ name: "levels", expiresAt: inDays(7).toISOString(), permissions: [gauge] });
    const { token, value } = await createToken(olu, input);
    expect(token).toMatchObject({ kind: "api", state: "active", permissions: [gauge], lastUsed: null, current: false });
    expect(token.hint).toBe(`tsa_…${value?.reveal().slice(-4)}`);
    expect(await present(value?.reveal() ?? "")).toMatchObject({
      userName: "olu",
      token: { name: "levels", kind: "api" },
    });
  });

  test.each<[string, (who: Actor) => Promise<unknown>]>([
    ["disabled", (who) => editToken(olu, who.token.id, { enabled: false })],
    ["removed", (who) => removeToken(olu, who.token.id)],
    ["ended", (who) => endSession({ ...who, now: later(who.now, 1) }, who.token.id)],
  ])("is refused when the actor's own token was %s while the request waited", async (_, stop) => {
    const who = await actorOf("olu", morning);
    await stop(who);
    const input = newToken.parse({ name: "too late", expiresAt: inDays(7).toISOString(), permissions: [gauge] });
    await expect(createToken(who, input)).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await db.token.count({ where: { name: "too late" } })).toBe(0);
  });

  test("stores no value and shows no digest", async () => {
    const { token, value } = await makeToken(ada, { permissions: [gauge] });
    const [row] = await db.$queryRaw<{ digest: string }[]>`
      SELECT encode(digest, 'hex') AS digest FROM tokens WHERE id = ${token.id}::uuid`;
    const views = JSON.stringify([
      token,
      await getToken(ada, token.id),
      await tokenHistory(ada, token.id, { limit: 10 }),
    ]);
    expect(row?.digest).toHaveLength(64);
    for (const secret of [value, value.slice(4, 44), row?.digest ?? "", "digest"]) expect(views).not.toContain(secret);
    const dump = await db.$queryRaw<{ text: string }[]>`
      SELECT t::text AS text FROM tokens t UNION ALL SELECT a::text FROM audit_events a UNION ALL SELECT i::text FROM idempotent_requests i`;
    expect(dump.filter(({ text }) => text.includes(value.slice(4, 44)))).toEqual([]);
  });

  test("can create it disabled", async () => {
    const { value } = await makeToken(ada, { enabled: false });
    await expect(present(value)).rejects.toMatchObject({ extra: { fault: "disabled" } });
  });

  test("with a name that the actor has already is refused on `name`; two people may use the same name", async () => {
    await makeToken(ada, { name: "shared name" });
    await makeToken(olu, { name: "shared name" });
    await expect(makeToken(ada, { name: " shared name " })).rejects.toMatchObject({ code: "conflict", field: "name" });
  });

  test("with an expiration in the past or beyond ten years is refused on `expiresAt`", async () => {
    const made = (expiresAt: Date) => makeToken(ada, { expiresAt: expiresAt.toISOString() });
    const refused = { code: "invalid", field: "expiresAt" };
    await expect(made(morning)).rejects.toMatchObject(refused);
    await expect(made(later(inDays(3650), 1))).rejects.toMatchObject(refused);
    expect((await made(inDays(3650))).token.expiresAt).toBe(inDays(3650).toISOString());
  });

  test("with a permission that the actor does not have is refused by its name, whether or not the item exists", async () => {
    for (const permission of ["repository/Rivers:run", "repository/Nowhere:run", "repositories:create"]) {
      await expect(makeToken(olu, { permissions: [gauge, permission] })).rejects.toMatchObject({
        code: "forbidden",
        field: "permissions",
        extra: { permission },
      });
    }
  });

  test("with a permission on an item that does not exist is refused even to a superuser", async () => {
    await expect(makeToken(root, { permissions: ["repository/Nowhere:run"] })).rejects.toMatchObject({
      code: "invalid",
      field: "permissions",
    });
  });
});

describe("creating a token with a token", () => {
  test("needs `tokens:manage`", async () => {
    const { value } = await makeToken(ada, { permissions: [gauge] });
    const narrow = await bearerOf(value, morning);
    await expect(makeToken(narrow, {})).rejects.toMatchObject({
      code: "forbidden",
      extra: { permission: "tokens:manage" },
    });
    await expect(editToken(narrow, narrow.token.id, { description: "mine" })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(removeToken(narrow, narrow.token.id)).rejects.toMatchObject({ code: "forbidden" });
    await expect(getToken(narrow, narrow.token.id)).rejects.toMatchObject({ code: "forbidden" });
  });

  test("grants no more than the creating token has, even if the owner has more", async () => {
    const { value } = await makeToken(ada, { permissions: ["tokens:manage", gauge] });
    const manager = await bearerOf(value, morning);
    await expect(makeToken(manager, { permissions: [gauge] })).resolves.toBeDefined();
    await expect(makeToken(manager, { permissions: ["repository/Rivers:run"] })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(makeToken(manager, { allPermissions: true })).rejects.toMatchObject({
      code: "forbidden",
      field: "allPermissions",
    });
  });

  test("cannot add permissions to itself, nor to another token of its owner", async () => {
    const { value } = await makeToken(ada, { permissions: ["tokens:manage", gauge] });
    const manager = await bearerOf(value, morning);
    const other = await makeToken(ada, { permissions: [gauge] });
    const wider = [gauge, "tokens:manage", "repository/Rivers:run"];
    for (const id of [manager.token.id, other.token.id]) {
      await expect(editToken(manager, id, { permissions: wider })).rejects.toMatchObject({ code: "forbidden" });
      await expect(editToken(manager, id, { allPermissions: true })).rejects.toMatchObject({ code: "forbidden" });
    }
    expect((await getToken(ada, other.token.id)).permissions).toEqual([gauge]);
  });

  test("with All Permissions may grant them", async () => {
    const { value } = await makeToken(ada, { allPermissions: true });
    const { token } = await makeToken(await bearerOf(value, morning), { allPermissions: true });
    expect(token).toMatchObject({ allPermissions: true, permissions: [] });
  });
});

describe("editing", () => {
  test("changes everything but the value, which continues to work", async () => {
    const { token, value } = await makeToken(ada, { permissions: [gauge] });
    const edited = await editToken(ada, token.id, {
      name: "renamed",
      description: "for the report",
      expiresAt: inDays(2),
      inUrl: true,
      permissions: ["repository/Rivers:run", "jobs:access"],
    });
    expect(edited).toMatchObject({
      id: token.id,
      hint: token.hint,
      name: "renamed",
      description: "for the report",
      expiresAt: inDays(2).toISOString(),
      inUrl: true,
      permissions: ["jobs:access", "repository/Rivers:run"],
    });
    expect((await present(value)).given).toEqual(new Set(["jobs:access", "repository/Rivers:run"]));
  });

  test("records only what changed, and nothing when nothing did", async () => {
    const { token } = await makeToken(ada, { permissions: [gauge], description: "before" });
    await editToken(ada, token.id, { description: "after", permissions: [gauge] });
    await editToken(ada, token.id, { description: "after", enabled: true });
    const { items } = await tokenHistory(ada, token.id, { limit: 10 });
    expect(items.map(({ action, before, after }) => ({ action, before, after })).slice(0, 1)).toEqual([
      { action: "token.edit", before: { description: "before" }, after: { description: "after" } },
    ]);
    expect(items.map(({ action }) => action)).toEqual(["token.edit", "token.create"]);
  });

  test("to All Permissions drops the list, and back requires one", async () => {
    const { token } = await makeToken(ada, { permissions: [gauge] });
    expect(await editToken(ada, token.id, { allPermissions: true })).toMatchObject({
      allPermissions: true,
      permissions: [],
    });
    await expect(editToken(ada, token.id, { allPermissions: false })).rejects.toMatchObject({
      code: "invalid",
      field: "permissions",
    });
    expect(await editToken(ada, token.id, { permissions: [gauge] })).toMatchObject({
      allPermissions: false,
      permissions: [gauge],
    });
  });

  test("to a name that the actor has already is refused and changes nothing", async () => {
    await makeToken(ada, { name: "taken" });
    const { token } = await makeToken(ada, { name: "free" });
    const change = { name: "taken", description: "lost" };
    await expect(editToken(ada, token.id, change)).rejects.toMatchObject({ code: "conflict", field: "name" });
    expect(await getToken(ada, token.id)).toMatchObject({ name: "free", description: "" });
  });

  test("keeps a permission that the owner has lost since", async () => {
    const { token } = await makeToken(olu, { permissions: [gauge, "jobs:access"] });
    const lost = { ...olu, owner: new Set(["jobs:access", "tokens:manage"]) };
    const edited = await editToken(lost, token.id, { permissions: [gauge], description: "still" });
    expect(edited.permissions).toEqual([gauge]);
  });

  test("has actions of its own for enabling and disabling", async () => {
    const { token, value } = await makeToken(ada);
    await editToken(ada, token.id, { enabled: false });
    await expect(present(value)).rejects.toMatchObject({ extra: { fault: "disabled" } });
    await editToken(ada, token.id, { enabled: true });
    await expect(present(value)).resolves.toBeDefined();
    const { items } = await tokenHistory(ada, token.id, { limit: 10 });
    expect(items.map(({ action }) => action)).toEqual(["token.enable", "token.disable", "token.create"]);
  });

  test("of a session changes only `enabled`, and nothing once it has expired", async () => {
    const session = ada.token.id;
    await expect(editToken(ada, session, { name: "mine" })).rejects.toMatchObject({ code: "conflict", field: "name" });
    const then = { ...ada, now: later(morning, minutes(31)) };
    await expect(editToken(then, session, { enabled: false })).rejects.toMatchObject({ code: "conflict" });
    expect((await getToken(then, session)).can).toEqual({
      edit: false,
      enable: false,
      disable: false,
      duplicate: false,
      remove: true,
    });
  });
});

describe("an expired API token", () => {
  test("is enabled only with a new expiration; then the same value works again", async () => {
    const { token, value } = await makeToken(ada, { expiresAt: inDays(1).toISOString() });
    const then = await actorOf("ada", inDays(2));
    await expect(present(value, then.now)).rejects.toMatchObject({ extra: { fault: "expired" } });
    await expect(editToken(then, token.id, { enabled: true })).rejects.toMatchObject({
      code: "conflict",
      field: "expiresAt",
    });
    await expect(editToken(then, token.id, { enabled: true, expiresAt: inDays(2) })).rejects.toMatchObject({
      code: "invalid",
      field: "expiresAt",
    });
    const enabled = await editToken(then, token.id, { enabled: true, expiresAt: inDays(9) });
    expect(enabled).toMatchObject({ state: "active", expiresAt: inDays(9).toISOString() });
    await expect(present(value, then.now)).resolves.toMatchObject({ userName: "ada" });
  });

  test("can be edited otherwise without a new expiration", async () => {
    const { token } = await makeToken(ada, { expiresAt: inDays(1).toISOString() });
    const then = { ...ada, now: inDays(2) };
    const edited = await editToken(then, token.id, { description: "old", expiresAt: inDays(1) });
    expect(edited).toMatchObject({ state: "expired", description: "old" });
    expect(edited.can).toEqual({ edit: true, enable: true, disable: false, duplicate: true, remove: true });
  });
});

describe("removing", () => {
  test("deletes the token; its value is unknown from then on", async () => {
    const { token, value } = await makeToken(ada);
    await removeToken(ada, token.id);
    await expect(present(value)).rejects.toMatchObject({ extra: { fault: "invalid" } });
    await expect(getToken(ada, token.id)).rejects.toMatchObject({ code: "not-found" });
    await expect(removeToken(ada, token.id)).rejects.toMatchObject({ code: "not-found" });
  });

  test("the presented token is open to every token", async () => {
    const { token, value } = await makeToken(ada);
    await removePresentedToken(await bearerOf(value, morning));
    await expect(getToken(ada, token.id)).rejects.toMatchObject({ code: "not-found" });
  });

  test("a presented token that was removed since its request arrived is not valid", async () => {
    const { token, value } = await makeToken(ada);
    const arrived = await bearerOf(value, morning);
    await removeToken(ada, token.id);
    for (const use of [presentedToken(arrived), removePresentedToken(arrived)]) {
      await expect(use).rejects.toMatchObject({ code: "unauthenticated", extra: { fault: "invalid" } });
    }
  });

  test("somebody else's token is not found and changes nothing", async () => {
    const { token, value } = await makeToken(ada);
    for (const stranger of [olu, root]) {
      await expect(removeToken(stranger, token.id)).rejects.toMatchObject({ code: "not-found" });
      await expect(editToken(stranger, token.id, { enabled: false })).rejects.toMatchObject({ code: "not-found" });
    }
    await expect(present(value)).resolves.toBeDefined();
  });
});

describe("an Idempotency-Key", () => {
  const input = (name: string) => newToken.parse({ name, expiresAt: inDays(7).toISOString(), permissions: [gauge] });

  test("creates one token however often it is sent, and shows the value once", async () => {
    const first = await createToken(ada, input("once"), "key-1");
    const second = await createToken(ada, input("once"), "key-1");
    expect(first.value).not.toBeNull();
    expect(second).toEqual({ token: first.token, value: null });
  });

  test("with another body is refused", async () => {
    await createToken(ada, input("one body"), "key-2");
    await expect(createToken(ada, input("another body"), "key-2")).rejects.toMatchObject({
      code: "conflict",
      field: "Idempotency-Key",
    });
  });

  test("of somebody else is a different key", async () => {
    await createToken(ada, input("hers"), "key-3");
    expect((await createToken(olu, input("his"), "key-3")).value).not.toBeNull();
  });

  test("can be used again when the request failed, and a day later", async () => {
    await makeToken(ada, { name: "in the way" });
    await expect(createToken(ada, input("in the way"), "key-4")).rejects.toMatchObject({ field: "name" });
    expect((await createToken(ada, input("out of the way"), "key-4")).value).not.toBeNull();
    const tomorrow = await actorOf("ada", inDays(1));
    expect((await createToken(tomorrow, input("a day later"), "key-4")).value).not.toBeNull();
  });

  test("of a removed token creates no second one", async () => {
    const { token } = await createToken(ada, input("gone"), "key-5");
    await removeToken(ada, token.id);
    await expect(createToken(ada, input("gone"), "key-5")).rejects.toMatchObject({ code: "conflict" });
  });
});
