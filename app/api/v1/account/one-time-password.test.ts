import { beforeAll, expect, test } from "vitest";
import { operations, sendTo } from "@/e2e/api/operations";
import { now } from "@/lib/clock";
import { db } from "@/lib/db";
import { actorOf, castPassword, introduceCast, signIn } from "@/testing/cast";
import { credentialsOf, headersOf } from "@/testing/client";
import { makeToken } from "@/testing/tokens";

const change = "PUT /api/v1/account/password";

beforeAll(async () => {
  const { olu } = await introduceCast(now());
  await db.user.update({ where: { id: olu }, data: { mustChangePassword: true } });
});

const closed = [...operations].filter(([name, { operation }]) => name !== change && !operation.open);

test.each(closed)("%s waits until a one-time password is replaced", async (name) => {
  const { value } = await signIn("olu", now());
  const response = await sendTo(name, { headers: headersOf(credentialsOf(value.reveal())) });
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({
    mustChangePassword: true,
    detail: expect.stringMatching(/Choose your own password first/),
  });
});

test("API tokens go on meanwhile: they are not of its making", async () => {
  const { value } = await makeToken(await actorOf("olu", now()), { allPermissions: true });
  expect((await sendTo("GET /api/v1/token", { headers: headersOf(credentialsOf(value)) })).status).toBe(200);
});

test("once it is replaced, the same session may do everything", async () => {
  const { value } = await signIn("olu", now());
  const headers = headersOf(credentialsOf(value.reveal()));
  const body = { currentPassword: castPassword, newPassword: "three herons over slow water" };
  expect((await sendTo(change, { headers, body })).status).toBe(200);
  expect((await sendTo("GET /api/v1/account", { headers })).status).toBe(200);
});
