import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { actorOf, castPassword, introduceCast, type PersonName } from "@/testing/cast";
import { bearerOf, makeToken } from "@/testing/tokens";
import { later, minutes, now } from "../clock";
import { db } from "../db";
import type { Actor } from "../permissions/actor";
import { listRoles } from "../roles/queries";
import { changeUser, createUser } from "./commands";
import { isCorrectPassword } from "./password";
import { getUser, listUsers } from "./queries";
import { newUser, userFilter } from "./schema";

let ids: Record<PersonName, string>;
let root: Actor;
let mia: Actor;
let olu: Actor;

beforeAll(async () => {
  ids = await introduceCast(now());
});

beforeEach(async () => {
  [root, mia, olu] = [await actorOf("root", now()), await actorOf("mia", now()), await actorOf("olu", now())];
});

const eventsOf = (subjectId: string) => db.auditEvent.findMany({ where: { subjectId }, orderBy: { id: "asc" } });

describe("an account", () => {
  test("is created with a one-time password that only the answer contains", async () => {
    const input = newUser.parse({ userName: "New.Person@Example.org", fullName: "New Person" });
    const { user, oneTimePassword } = await createUser(mia, input);
    expect(user).toMatchObject({
      userName: "new.person@example.org",
      roles: ["user"],
      mustChangePassword: true,
      enabled: true,
    });
    const password = oneTimePassword?.reveal() ?? "";
    const row = await db.user.findUniqueOrThrow({ where: { userName: user.userName } });
    expect(await isCorrectPassword(row.passwordHash, password)).toBe(true);
    const events = await eventsOf(row.id);
    expect(events).toMatchObject([{ action: "user.create", actorName: "mia", after: { roles: ["user"] } }]);
    const said = JSON.stringify([row, user, events], (_, value) => (typeof value === "bigint" ? String(value) : value));
    expect(said).not.toContain(password);
    expect(JSON.stringify(await getUser(mia, user.userName))).not.toMatch(/argon2|hash|token/i);
  });

  test("with a given password has no one-time password", async () => {
    const input = newUser.parse({ userName: "own", fullName: "Own", password: castPassword, roles: ["author"] });
    expect(await createUser(mia, input)).toMatchObject({ oneTimePassword: null, user: { mustChangePassword: false } });
  });

  test.each([
    [
      { userName: "olu", fullName: "Other" },
      { code: "conflict", field: "userName" },
    ],
    [
      { userName: "x1", fullName: "X", password: "x1x1x1x1x1x1x1x1" },
      { code: "invalid", field: "password" },
    ],
    [
      { userName: "x2", fullName: "X", roles: ["king"] },
      { code: "invalid", field: "roles" },
    ],
    [{ userName: "x3", fullName: "X", roles: ["superuser"] }, { code: "forbidden" }],
  ])("is refused and not created: %j", async (input, refusal) => {
    const before = await db.user.count();
    await expect(createUser(mia, newUser.parse(input))).rejects.toMatchObject(refusal);
    expect(await db.user.count()).toBe(before);
  });

  test.each(["", "-a", "a b", "ä", "a/b", "x".repeat(65)])("cannot have the name %j", (userName) => {
    expect(newUser.safeParse({ userName, fullName: "X" }).success).toBe(false);
  });
});

describe("managing accounts", () => {
  test("requires `users:manage`", async () => {
    const refusal = { code: "forbidden", extra: { permission: "users:manage" } };
    await expect(listUsers(olu, userFilter.parse({}))).rejects.toMatchObject(refusal);
    await expect(getUser(olu, "olu")).rejects.toMatchObject(refusal);
    await expect(listRoles(olu)).rejects.toMatchObject(refusal);
    await expect(createUser(olu, newUser.parse({ userName: "y", fullName: "Y" }))).rejects.toMatchObject(refusal);
    await expect(changeUser(olu, "olu", { roles: ["admin"] })).rejects.toMatchObject(refusal);
  });

  test("lists pages with each account once", async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listUsers(mia, userFilter.parse({ limit: 2, cursor }));
      seen.push(...page.items.map(({ userName }) => userName));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual([...new Set(seen)].sort());
    expect(seen).toEqual(expect.arrayContaining(["ada", "eve", "mia", "olu", "root"]));
    expect((await listUsers(mia, userFilter.parse({ q: "OKAFOR" }))).items.map(({ userName }) => userName)).toEqual([
      "ada",
    ]);
  });

  test("does not extend to superusers", async () => {
    await expect(changeUser(mia, "root", { enabled: false })).rejects.toMatchObject({ code: "forbidden" });
    await expect(changeUser(mia, "mia", { roles: ["superuser"] })).rejects.toMatchObject({ code: "forbidden" });
    expect((await getUser(mia, "root")).can).toEqual({ change: false, resetPassword: false, remove: false });
    expect((await listRoles(mia)).items.map(({ name, can }) => [name, can.give])).toEqual([
      ["admin", true],
      ["author", true],
      ["superuser", false],
      ["user", true],
    ]);
    expect((await listRoles(root)).items.every(({ can }) => can.give)).toBe(true);
  });

  test("finds no account that does not exist", async () => {
    await expect(getUser(mia, "nobody")).rejects.toMatchObject({ code: "not-found" });
    await expect(changeUser(mia, "nobody", { enabled: false })).rejects.toMatchObject({ code: "not-found" });
  });

  test("records one audit event per change, and none when nothing changed", async () => {
    await changeUser(mia, "eve", { fullName: "Eve L.", roles: ["author", "user"] });
    await changeUser(mia, "eve", { fullName: "Eve L.", roles: ["author", "user"], enabled: true });
    expect(await eventsOf(ids.eve)).toMatchObject([
      { action: "user.rename", before: { fullName: "Eve Lindqvist" }, after: { fullName: "Eve L." }, actorName: "mia" },
      { action: "user.assign-roles", before: { roles: ["user"] }, after: { roles: ["author", "user"] } },
    ]);
  });
});

describe("disabling an account", () => {
  test("refuses all of its tokens at once, and they work again when it is enabled", async () => {
    const { value } = await makeToken(olu, { allPermissions: true });
    const session = await actorOf("olu", now());
    await changeUser(mia, "olu", { enabled: false });
    await expect(bearerOf(value, now())).rejects.toMatchObject({ extra: { fault: "disabled" } });
    await expect(actorOf("olu", now())).rejects.toMatchObject({ extra: { fault: "disabled" } });
    await changeUser(mia, "olu", { enabled: true });
    expect(await bearerOf(value, now())).toMatchObject({ userName: "olu", userId: session.userId });
  });

  test("or removing a role applies to the next use of a token", async () => {
    const { value } = await makeToken(await actorOf("ada", now()), { allPermissions: true });
    expect((await bearerOf(value, now())).owner).toContain("repositories:create");
    await changeUser(mia, "ada", { roles: ["user"] });
    expect((await bearerOf(value, now())).owner).not.toContain("repositories:create");
    await changeUser(mia, "ada", { roles: ["author"] });
    expect((await bearerOf(value, later(now(), minutes(1)))).owner).toContain("repositories:create");
  });
});

describe("the last administrator", () => {
  test("cannot be disabled or demoted, not even by themselves", async () => {
    for (const change of [{ enabled: false }, { roles: ["admin"] }, { roles: [] }]) {
      await expect(changeUser(root, "root", change)).rejects.toMatchObject({ code: "conflict" });
    }
    expect(await getUser(root, "root")).toMatchObject({ enabled: true, roles: ["superuser"] });
  });

  test("remains when two superusers demote each other concurrently, 200 times", { timeout: 120_000 }, async () => {
    for (let round = 0; round < 200; round++) {
      await db.userRole.createMany({
        data: [ids.root, ids.ada].map((userId) => ({ userId, roleName: "superuser" })),
        skipDuplicates: true,
      });
      const ada: Actor = { ...root, userId: ids.ada, userName: "ada" };
      const demotions = await Promise.allSettled([
        changeUser(root, "ada", { roles: ["author"] }),
        round % 2 === 0 ? changeUser(ada, "root", { roles: ["user"] }) : changeUser(ada, "root", { enabled: false }),
      ]);
      const left = await db.user.count({ where: { enabled: true, roles: { some: { roleName: "superuser" } } } });
      expect([demotions.filter(({ status }) => status === "fulfilled").length, left]).toEqual([1, 1]);
      await db.user.updateMany({ where: { id: ids.root }, data: { enabled: true } });
    }
  });
});
