import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { blockedBy } from "@/testing/blocked-by";
import { actorOf, introduceCast, type PersonName } from "@/testing/cast";
import { bearerOf, makeToken } from "@/testing/tokens";
import { now } from "../clock";
import { db } from "../db";
import type { Actor } from "../permissions/actor";
import { createRole, editRole, removeRole } from "../roles/commands";
import { newRole } from "../roles/schema";
import { changeUser, createUser } from "./commands";
import { resetPassword } from "./one-time-password";
import { removeUser } from "./removal";
import { newUser } from "./schema";

let ids: Record<PersonName, string>;

beforeAll(async () => {
  ids = await introduceCast(now());
  await db.role.create({ data: { name: "night-shift", title: "Night shift", description: "" } });
});
beforeEach(async () => {
  await db.userRole.deleteMany({ where: { userId: ids.mia } });
  await db.userRole.create({ data: { userId: ids.mia, roleName: "admin" } });
});

const changes: [string, (who: Actor) => Promise<unknown>][] = [
  ["create an account", (who) => createUser(who, newUser.parse({ userName: "new", fullName: "New" }))],
  ["assign a role", (who) => changeUser(who, "olu", { roles: ["user", "author"] })],
  ["withdraw a role", (who) => changeUser(who, "olu", { roles: [] })],
  ["disable an account", (who) => changeUser(who, "olu", { enabled: false })],
  ["remove an account", (who) => removeUser(who, "olu", {})],
  ["reset a password", (who) => resetPassword(who, "olu")],
  ["create a role", (who) => createRole(who, newRole.parse({ name: "new", title: "New", permissions: [] }))],
  ["edit a role", (who) => editRole(who, "night-shift", { permissions: ["users:manage"] })],
  ["remove a role", (who) => removeRole(who, "night-shift")],
];

const forbidden = { code: "forbidden", extra: { permission: "users:manage" } };

/** Everything that the changes above could alter. */
const stored = () =>
  Promise.all([
    db.user.findMany({ orderBy: { id: "asc" }, include: { roles: { orderBy: { roleName: "asc" } } } }),
    db.grantedPermission.findMany({
      where: { roleName: { not: null } },
      orderBy: [{ roleName: "asc" }, { permission: "asc" }],
    }),
  ]).then(([users, grants]) => [users.filter(({ id }) => id !== ids.mia), grants]);

/** Mia's request waits for another change of administrators, which does this meanwhile. */
async function whileWaiting(sql: string, value: string, work: () => Promise<unknown>, refusal: object) {
  const before = await stored();
  const meanwhile = [["SELECT FROM roles ORDER BY name FOR NO KEY UPDATE"], [sql, value]] as const;
  await expect(blockedBy(meanwhile, work)).rejects.toMatchObject(refusal);
  expect(await stored()).toEqual(before);
}

describe.each(changes)("to %s is refused", (_, change) => {
  test("to a session that was signed out since the request arrived", async () => {
    const mia = await actorOf("mia", now());
    const end = "UPDATE tokens SET expires_at = now() WHERE id = $1";
    await whileWaiting(end, mia.token.id, () => change(mia), { code: "unauthenticated" });
  });

  test("to an administrator who was demoted since", async () => {
    const mia = await actorOf("mia", now());
    await whileWaiting("DELETE FROM user_roles WHERE user_id = $1", ids.mia, () => change(mia), forbidden);
  });

  test("to a token that was narrowed since", async () => {
    const { value, token } = await makeToken(await actorOf("mia", now()), { allPermissions: true });
    const who = await bearerOf(value, now());
    const narrow = "UPDATE tokens SET all_permissions = false WHERE id = $1";
    await whileWaiting(narrow, token.id, () => change(who), forbidden);
  });
});

describe("a token with All Permissions that has become one to manage users", () => {
  const narrow = (id: string) =>
    [
      ["UPDATE tokens SET all_permissions = false WHERE id = $1", id],
      ["INSERT INTO grants (id, token_id, resource, action) VALUES (gen_random_uuid(), $1, 'users', 'manage')", id],
    ] as const;

  test.each<[string, (who: Actor) => Promise<unknown>]>([
    ["assigns no role with more", (who) => changeUser(who, "olu", { roles: ["author"] })],
    ["enables no account with more", (who) => changeUser(who, "eve", { enabled: true })],
    ["creates no account with more", (who) => createUser(who, newUser.parse({ userName: "new", fullName: "N" }))],
    [
      "creates no role with more",
      (who) => createRole(who, newRole.parse({ name: "new", title: "New", permissions: ["jobs:manage"] })),
    ],
    ["adds no more to a role", (who) => editRole(who, "night-shift", { permissions: ["jobs:manage"] })],
    ["transfers no ownership", (who) => removeUser(who, "ada", { heir: "olu" })],
    ["resets no password", (who) => resetPassword(who, "olu")],
  ])("%s", async (_, change) => {
    await db.user.update({ where: { id: ids.eve }, data: { enabled: false } });
    const { value, token } = await makeToken(await actorOf("mia", now()), { allPermissions: true });
    const who = await bearerOf(value, now());
    const before = await stored();
    await expect(blockedBy(narrow(token.id), () => change(who))).rejects.toMatchObject({ code: "forbidden" });
    expect(await stored()).toEqual(before);
  });
});

describe("a token without All Permissions makes nobody an administrator, who could assign every permission:", () => {
  const rest = ["users:manage", "jobs:manage", "repositories:create", "tokens:manage"];
  const refusal = {
    code: "forbidden",
    extra: { permission: "users:manage" },
    message: expect.stringContaining("All Permissions"),
  };

  test.each<[string, (who: Actor) => Promise<unknown>]>([
    ["by a new account", (who) => createUser(who, newUser.parse({ userName: "new", fullName: "N", roles: ["admin"] }))],
    ["by a role", (who) => changeUser(who, "olu", { roles: ["user", "admin"] })],
    ["by enabling an account", (who) => changeUser(who, "eve", { enabled: true })],
    [
      "by a new role",
      (who) => createRole(who, newRole.parse({ name: "new", title: "New", permissions: ["users:manage"] })),
    ],
    ["by editing a role", (who) => editRole(who, "night-shift", { permissions: ["users:manage"] })],
  ])("%s", async (_, change) => {
    await db.userRole.deleteMany({ where: { userId: ids.eve } });
    await db.userRole.create({ data: { userId: ids.eve, roleName: "admin" } });
    await db.user.update({ where: { id: ids.eve }, data: { enabled: false } });
    const { value } = await makeToken(await actorOf("mia", now()), { permissions: rest });
    const before = await stored();
    await expect(change(await bearerOf(value, now()))).rejects.toMatchObject(refusal);
    expect(await stored()).toEqual(before);
  });
});

test("administrators who reset each other's passwords at the same time do not deadlock", async () => {
  await db.userRole.create({ data: { userId: ids.ada, roleName: "admin" } });
  const [mia, ada] = [await actorOf("mia", now()), await actorOf("ada", now())];
  const settled = await Promise.allSettled([resetPassword(mia, "ada"), resetPassword(ada, "mia")]);
  // The first one ends the session of the other.
  expect(settled.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const refused = settled.find(({ status }) => status === "rejected") as PromiseRejectedResult;
  expect(refused.reason).toMatchObject({ code: "unauthenticated" });
});
