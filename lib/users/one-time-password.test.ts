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

const occasion = () => ({ now: now(), address: null, agent: null });

test("a reset password signs in once it is handed over, and the old one no more", async () => {
  const password = (await resetPassword(mia, "olu")).reveal();
  expect(await checkPassword({ userName: "olu", password }, occasion())).toMatchObject({ id: ids.olu });
  expect(await actorOf("olu", now())).toMatchObject({ mustChangePassword: true });
  const stored = await db.auditEvent.findFirstOrThrow({ where: { action: "user.reset-password" } });
  expect(stored).toMatchObject({ actorName: "mia", subjectName: "olu", before: null, after: null });
});

test("it ends the sessions and leaves the API tokens", async () => {
  const { value } = await makeToken(await actorOf("eve", now()), { allPermissions: true });
  const session = await signIn("eve", now());
  await resetPassword(mia, "eve");
  const at = later(now(), 1_000);
  await expect(bearerOf(session.value.reveal(), at)).rejects.toMatchObject({ extra: { fault: "expired" } });
  expect(await bearerOf(value, at)).toMatchObject({ userName: "eve" });
});

test("whoever reads why their session ended learns by whom, and nothing of the other's token", async () => {
  const session = await signIn("eve", now());
  await resetPassword(mia, "eve");
  const event = await db.auditEvent.findFirst({ where: { subjectId: session.id, action: "session.end" } });
  expect(event).toMatchObject({ actorName: "mia", tokenId: null, tokenName: null, address: null, agent: null });
});

test("a sign-in with the old password that is under way ends with it", async () => {
  const old = (await resetPassword(mia, "ada")).reveal();
  const begunEarlier = mia;
  const checked = await checkPassword({ userName: "ada", password: old }, occasion());
  await resetPassword(begunEarlier, "ada");
  await expect(startSession(checked, null, occasion())).rejects.toMatchObject({ code: "unauthenticated" });
});

test("whoever was signed out meanwhile hands out no password", async () => {
  const mark = await actorOf("mia", now());
  await endSession(mark, mark.token.id);
  await expect(resetPassword(mark, "eve")).rejects.toMatchObject({ code: "unauthenticated" });
});

test("it can be used for seven days, and is as good as wrong after", async () => {
  const password = (await resetPassword(mia, "olu")).reveal();
  const signIn = (at: Date) => checkPassword({ userName: "olu", password }, { ...occasion(), now: at });
  expect(await signIn(later(mia.now, days(7) - 1))).toMatchObject({ id: ids.olu });
  await expect(signIn(later(mia.now, days(7)))).rejects.toMatchObject({ code: "unauthenticated" });
});

test("a token with a part of its owner's permissions opens no session by a new password", async () => {
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
])("that of %s is not reset", async (name, refusal) => {
  await db.user.upsert({
    where: { userName: "provided" },
    create: { userName: "provided", fullName: "Provided", externalIdentity: "https://id.example|7" },
    update: {},
  });
  await expect(resetPassword(mia, name)).rejects.toMatchObject(refusal);
});
