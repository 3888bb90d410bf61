import { beforeAll, beforeEach, expect, test } from "vitest";
import { actorOf, introduceCast, type PersonName, signIn } from "@/testing/cast";
import { bearerOf, makeToken } from "@/testing/tokens";
import { checkPassword, startSession } from "../auth/sign-in";
import { days, later, now } from "../clock";
import { db } from "../db";
import type { Actor } from "../permissions/actor";
import { endSession } from "../tokens/sessions";
import { resetPassword } from "./one-time-password";

let ids: Record<PersonName, string>;
let mia: Actor;

beforeAll(async () => {
  ids = await introduceCast(now());
});
beforeEach(async () => {
  mia = await actorOf("mia", now());
});

const signInContext = () => ({ now: now(), ip: null, agent: null });

test("a reset password can be used to sign in, and the old one cannot", async () => {
  const password = (await resetPassword(mia, "olu")).reveal();
  expect(await checkPassword({ username: "olu", password }, signInContext())).toMatchObject({ id: ids.olu });
  expect(await actorOf("olu", now())).toMatchObject({ mustChangePassword: true });
  const stored = await db.auditEvent.findFirstOrThrow({ where: { action: "user.reset-password" } });
  expect(stored).toMatchObject({ actorName: "mia", subjectName: "olu", before: null, after: null });
});

test("a reset ends the sessions and keeps the API tokens", async () => {
  const { value } = await makeToken(await actorOf("eve", now()), { allPermissions: true });
  const session = await signIn("eve", now());
  await resetPassword(mia, "eve");
  const at = later(now(), 1_000);
  await expect(bearerOf(session.value.reveal(), at)).rejects.toMatchObject({ extra: { fault: "expired" } });
  expect(await bearerOf(value, at)).toMatchObject({ userName: "eve" });
});

test("the owner of a session that a reset ended sees who did it, but not with which token", async () => {
  const session = await signIn("eve", now());
  await resetPassword(mia, "eve");
  const event = await db.auditEvent.findFirst({ where: { subjectId: session.id, action: "session.end" } });
  expect(event).toMatchObject({ actorName: "mia", tokenId: null, tokenName: null, address: null, agent: null });
});

test("a reset disconnects the account from the identity provider, with an event", async () => {
  const identity = "https://id.example|someone-else";
  await db.user.update({ where: { id: ids.eve }, data: { externalIdentity: identity } });
  await resetPassword(mia, "eve");
  expect(await db.user.findUniqueOrThrow({ where: { id: ids.eve } })).toMatchObject({ externalIdentity: null });
  await resetPassword(mia, "eve");
  const events = await db.auditEvent.findMany({ where: { subjectId: ids.eve, action: "user.disconnect-identity" } });
  expect(events).toMatchObject([{ actorName: "mia", before: { identity }, after: null }]);
});

test("a sign-in with the old password that is in progress fails", async () => {
  const old = (await resetPassword(mia, "ada")).reveal();
  const begunEarlier = mia;
  const checked = await checkPassword({ username: "ada", password: old }, signInContext());
  await resetPassword(begunEarlier, "ada");
  await expect(startSession(checked, null, signInContext())).rejects.toMatchObject({ code: "unauthenticated" });
});

test("an administrator who was signed out meanwhile resets no password", async () => {
  const mark = await actorOf("mia", now());
  await endSession(mark, mark.token.id);
  await expect(resetPassword(mark, "eve")).rejects.toMatchObject({ code: "unauthenticated" });
});

test("it can be used for seven days and is refused like a wrong one afterwards", async () => {
  const password = (await resetPassword(mia, "olu")).reveal();
  const signIn = (at: Date) => checkPassword({ username: "olu", password }, { ...signInContext(), now: at });
  expect(await signIn(later(mia.now, days(7) - 1))).toMatchObject({ id: ids.olu });
  await expect(signIn(later(mia.now, days(7)))).rejects.toMatchObject({ code: "unauthenticated" });
});

test("a token without All Permissions cannot reset a password", async () => {
  const { value } = await makeToken(mia, { permissions: ["users:manage"] });
  const token = await bearerOf(value, later(now(), 1_000));
  await expect(resetPassword(token, "eve")).rejects.toMatchObject({ code: "forbidden" });
  const { value: whole } = await makeToken(mia, { allPermissions: true });
  expect((await resetPassword(await bearerOf(whole, later(now(), 1_000)), "eve")).reveal()).toBeTruthy();
});

test.each([
  ["mia", { code: "conflict" }],
  ["root", { code: "forbidden" }],
  ["provided", { code: "conflict" }],
  ["nobody", { code: "not-found" }],
])("the password of %s is not reset", async (name, refusal) => {
  await db.user.upsert({
    where: { userName: "provided" },
    create: { userName: "provided", fullName: "Provided", externalIdentity: "https://id.example|7" },
    update: {},
  });
  await expect(resetPassword(mia, name)).rejects.toMatchObject(refusal);
});
