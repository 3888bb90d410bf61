import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { actorOf, castPassword, introduceCast, signIn } from "@/testing/cast";
import { bearerOf, makeToken } from "@/testing/tokens";
import { disconnectOwnIdentity } from "../auth/own-password";
import { later, now } from "../clock";
import { db } from "../db";
import type { Actor } from "../permissions/actor";
import { connectIdentity, disconnectIdentity } from "./identity";

const identity = "https://id.example.org|olu";
const withPassword = { currentPassword: castPassword };

let olu: Actor;

beforeAll(async () => void (await introduceCast(now())));
beforeEach(async () => {
  await db.rateLimit.deleteMany();
  const { passwordHash } = await db.user.findUniqueOrThrow({ where: { userName: "eve" } });
  await db.user.update({
    where: { userName: "olu" },
    data: { passwordHash, externalIdentity: identity, mustChangePassword: false },
  });
  olu = await actorOf("olu", now());
});

const storedIdentity = async () => (await db.user.findUniqueOrThrow({ where: { id: olu.userId } })).externalIdentity;

describe("disconnecting the own account from the identity provider", () => {
  test("ends the other sessions, leaves this one, and is recorded", async () => {
    const other = await signIn("olu", now());
    const { endedSessions } = await disconnectOwnIdentity(olu, withPassword);
    expect(endedSessions).toBeGreaterThan(0);
    expect(await storedIdentity()).toBeNull();
    const at = later(now(), 1_000);
    await expect(bearerOf(other.value.reveal(), at)).rejects.toMatchObject({ extra: { fault: "expired" } });
    expect(await db.token.findUniqueOrThrow({ where: { id: olu.token.id } })).toMatchObject({ enabled: true });
    const events = await db.auditEvent.findMany({ where: { action: "user.disconnect-identity" } });
    expect(events).toMatchObject([{ actorName: "olu", subjectId: olu.userId, before: { identity }, after: null }]);
  });

  test("needs the password, and counts wrong ones with those of the sign-in page", async () => {
    const wrong = { currentPassword: "not the harbour at noon" };
    for (let tries = 0; tries < 5; tries++) {
      await expect(disconnectOwnIdentity(olu, wrong)).rejects.toMatchObject({ field: "currentPassword" });
    }
    await expect(disconnectOwnIdentity(olu, withPassword)).rejects.toMatchObject({ code: "too-many" });
    expect(await storedIdentity()).toBe(identity);
  });

  test("is refused for an account without a password, which has no other way to sign in", async () => {
    await db.user.update({ where: { id: olu.userId }, data: { passwordHash: null } });
    await expect(disconnectOwnIdentity(olu, withPassword)).rejects.toMatchObject({ code: "conflict" });
    expect(await storedIdentity()).toBe(identity);
  });

  test("is refused for an account that is not connected", async () => {
    await db.user.update({ where: { id: olu.userId }, data: { externalIdentity: null } });
    await expect(disconnectOwnIdentity(olu, withPassword)).rejects.toMatchObject({ code: "conflict" });
  });

  test("succeeds once for two concurrent requests", async () => {
    const both = [disconnectOwnIdentity(olu, withPassword), disconnectOwnIdentity(olu, withPassword)];
    const ends = await Promise.allSettled(both);
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("never leaves an account without a way to sign in, when its password goes at the same time", async () => {
    const removePassword = () => db.user.update({ where: { id: olu.userId }, data: { passwordHash: null } });
    const disconnecting = disconnectIdentity(olu, withPassword, async () => void (await removePassword()));
    await expect(disconnecting).rejects.toMatchObject({ code: "conflict" });
    expect(await storedIdentity()).toBe(identity);
  });
});

describe("connecting an identity", () => {
  test("changes nothing for an account that has one, and for an identity of another account", async () => {
    expect(await connectIdentity(olu, "https://id.example.org|another")).toBe("already");
    expect(await storedIdentity()).toBe(identity);
    const eve = await actorOf("eve", now());
    expect(await connectIdentity(eve, identity)).toBe("taken");
    expect(await db.auditEvent.count({ where: { action: "user.connect-identity" } })).toBe(0);
  });

  test("is closed to API tokens, to temporary passwords and to sessions that have ended", async () => {
    await db.user.update({ where: { id: olu.userId }, data: { externalIdentity: null } });
    const { value } = await makeToken(olu, { allPermissions: true });
    const token = await bearerOf(value, now());
    await expect(connectIdentity(token, identity)).rejects.toMatchObject({ code: "forbidden" });
    await expect(disconnectOwnIdentity(token, withPassword)).rejects.toMatchObject({ code: "forbidden" });
    const newcomer = { ...olu, mustChangePassword: true };
    await expect(connectIdentity(newcomer, identity)).rejects.toMatchObject({ code: "forbidden" });
    await db.token.update({ where: { id: olu.token.id }, data: { enabled: false } });
    await expect(connectIdentity(olu, identity)).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await storedIdentity()).toBeNull();
  });
});
