import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { actorOf, castPassword, introduceCast, type PersonName, signIn } from "@/testing/cast";
import { bearerOf, makeToken } from "@/testing/tokens";
import { changeOwnPassword } from "../auth/own-password";
import { checkPassword } from "../auth/sign-in";
import { later, minutes, now } from "../clock";
import { db } from "../db";
import type { Actor } from "../permissions/actor";
import { isCorrectPassword } from "../users/password";
import { changeAccount } from "./commands";
import { getAccount } from "./queries";
import { newOwnPassword } from "./schema";

let ids: Record<PersonName, string>;
let olu: Actor;

beforeAll(async () => {
  ids = await introduceCast(now());
});
beforeEach(async () => {
  await db.rateLimit.deleteMany();
  const { passwordHash } = await db.user.findUniqueOrThrow({ where: { id: ids.eve } });
  await db.user.update({ where: { id: ids.olu }, data: { passwordHash } });
  olu = await actorOf("olu", now());
});

const herons = "three herons over slow water";
const change = (input: object = {}) =>
  newOwnPassword.parse({ currentPassword: castPassword, newPassword: herons, ...input });
const storedHash = async () => (await db.user.findUniqueOrThrow({ where: { id: ids.olu } })).passwordHash;

describe("the actor's own account", () => {
  test("has all permissions of the actor, from roles and grants", async () => {
    expect(await getAccount(olu)).toMatchObject({
      userName: "olu",
      roles: [{ name: "user", title: "User" }],
      signsInWith: ["password"],
      permissions: expect.arrayContaining(["repository/Samples:run", "workspace/Rivers/gauge-levels:run"]),
    });
    expect((await getAccount(await actorOf("ada", now()))).permissions).toContain("repository/Rivers:*");
    expect((await getAccount(await actorOf("root", now()))).permissions).toEqual(["*"]);
  });

  test("is renamed by its owner, with one audit event", async () => {
    await changeAccount(olu, { fullName: "Olu H. Haugen" });
    await changeAccount(olu, { fullName: "Olu H. Haugen" });
    const events = await db.auditEvent.findMany({ where: { action: "user.rename", subjectId: ids.olu } });
    expect(events).toMatchObject([
      { actorName: "olu", before: { fullName: "Olu Haugen" }, after: { fullName: "Olu H. Haugen" } },
    ]);
  });

  test("is closed to API tokens, even with All Permissions", async () => {
    const { value } = await makeToken(olu, { allPermissions: true });
    const token = await bearerOf(value, now());
    await expect(getAccount(token)).rejects.toMatchObject({ code: "forbidden" });
    await expect(changeAccount(token, { fullName: "Somebody" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(changeOwnPassword(token, change())).rejects.toMatchObject({ code: "forbidden" });
    expect(await isCorrectPassword(await storedHash(), castPassword)).toBe(true);
  });
});

describe("changing the own password", () => {
  test("ends the other sessions and keeps this one and the API tokens", async () => {
    const other = await signIn("olu", now());
    const { value } = await makeToken(olu, { permissions: ["jobs:access"] });
    const { endedSessions, disabledTokens } = await changeOwnPassword(olu, change());
    expect(endedSessions).toBeGreaterThan(0);
    expect(disabledTokens).toBe(0);
    const at = later(now(), 1_000);
    await expect(bearerOf(other.value.reveal(), at)).rejects.toMatchObject({ extra: { fault: "expired" } });
    expect(await bearerOf(value, at)).toMatchObject({ userName: "olu" });
    expect(await db.token.findUniqueOrThrow({ where: { id: olu.token.id } })).toMatchObject({ enabled: true });
    expect(await checkPassword({ username: "olu", password: herons }, olu)).toMatchObject({ userName: "olu" });
  });

  test("disables the API tokens on request, each with an audit event", async () => {
    const { token, value } = await makeToken(olu, { permissions: [] });
    const { disabledTokens } = await changeOwnPassword(olu, change({ disableTokens: true }));
    expect(disabledTokens).toBeGreaterThan(0);
    await expect(bearerOf(value, now())).rejects.toMatchObject({ extra: { fault: "disabled" } });
    const [last] = await db.auditEvent.findMany({ where: { subjectId: token.id }, orderBy: { id: "desc" }, take: 1 });
    expect(last).toMatchObject({ action: "token.disable", actorName: "olu" });
  });

  test("disconnects the identity provider on request, with an audit event", async () => {
    const identity = "https://id.example.org|somebody-else";
    const stored = async () => (await db.user.findUniqueOrThrow({ where: { id: ids.olu } })).externalIdentity;
    await db.user.update({ where: { id: ids.olu }, data: { externalIdentity: identity } });
    expect(await changeOwnPassword(olu, change())).toMatchObject({ disconnected: false });
    expect(await stored()).toBe(identity);
    const again = { currentPassword: herons, newPassword: "two otters under the bridge", disconnectProvider: true };
    expect(await changeOwnPassword(olu, change(again))).toMatchObject({ disconnected: true });
    expect(await stored()).toBeNull();
    const back = { ...again, currentPassword: again.newPassword, newPassword: herons };
    expect(await changeOwnPassword(olu, change(back))).toMatchObject({ disconnected: false });
    const events = await db.auditEvent.findMany({ where: { action: "user.disconnect-identity", subjectId: ids.olu } });
    expect(events).toMatchObject([{ actorName: "olu", before: { identity }, after: null }]);
  });

  test("is recorded without a password, a hash or the number of tokens", async () => {
    await makeToken(olu);
    await changeOwnPassword(olu, change({ disableTokens: true }));
    const [event] = await db.auditEvent.findMany({
      where: { action: "user.change-password", subjectId: ids.olu },
      orderBy: { id: "desc" },
    });
    expect(event).toMatchObject({ actorName: "olu", tokenId: olu.token.id, before: null, after: null });
  });

  test.each([
    [{ currentPassword: "not the harbour at noon" }, { code: "invalid", field: "currentPassword" }],
    [{ newPassword: "short" }, { code: "invalid", field: "newPassword" }],
    [{ newPassword: castPassword }, { code: "invalid", field: "newPassword" }],
    [{ newPassword: "olu olu olu olu olu" }, { code: "invalid", field: "newPassword" }],
  ])("is refused with %j", async (input, refusal) => {
    const before = await storedHash();
    await expect(changeOwnPassword(olu, change(input))).rejects.toMatchObject(refusal);
    expect(await storedHash()).toBe(before);
  });

  test("counts failures together with the sign-in page", async () => {
    const wrong = { currentPassword: "not the harbour at noon" };
    for (let tries = 0; tries < 5; tries++) {
      await expect(changeOwnPassword(olu, change(wrong))).rejects.toMatchObject({ field: "currentPassword" });
    }
    await expect(changeOwnPassword(olu, change())).rejects.toMatchObject({ code: "too-many" });
    await expect(checkPassword({ username: "olu", password: castPassword }, olu)).rejects.toMatchObject({
      code: "too-many",
    });
    expect(await changeOwnPassword({ ...olu, now: later(olu.now, minutes(1)) }, change())).toBeDefined();
  });

  test("succeeds once for two concurrent requests", async () => {
    const both = await Promise.allSettled([
      changeOwnPassword(olu, change()),
      changeOwnPassword(olu, change({ newPassword: "two otters under the bridge" })),
    ]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("is refused when there is none", async () => {
    await db.user.update({ where: { id: ids.olu }, data: { passwordHash: null } });
    await expect(changeOwnPassword(olu, change())).rejects.toMatchObject({ code: "conflict" });
  });
});
