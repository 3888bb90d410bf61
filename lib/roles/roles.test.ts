import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { actorOf, introduceCast, type PersonName } from "@/testing/cast";
import { bearerOf, makeToken } from "@/testing/tokens";
import { now } from "../clock";
import { db } from "../db";
import type { Actor } from "../permissions/actor";
import { createRole, editRole, removeRole } from "./commands";
import { getRole, listRoles } from "./queries";
import { newRole } from "./schema";

let ids: Record<PersonName, string>;
let root: Actor;
let mia: Actor;

beforeAll(async () => {
  ids = await introduceCast(now());
});
beforeEach(async () => {
  [root, mia] = [await actorOf("root", now()), await actorOf("mia", now())];
});

let made = 0;
const role = (permissions: string[] = []) => newRole.parse({ name: `role-${++made}`, title: "Role", permissions });
const eventsOf = (name: string) =>
  db.auditEvent.findMany({ where: { subjectType: "role", subjectName: name }, orderBy: { id: "asc" } });

describe("a role", () => {
  test("is created, assigned and edited, and applies to the next use of a token", async () => {
    const { name } = await createRole(mia, role(["jobs:manage"]));
    await db.userRole.create({ data: { userId: ids.eve, roleName: name } });
    const { value } = await makeToken(await actorOf("eve", now()), { allPermissions: true });
    expect((await bearerOf(value, now())).owner).toContain("jobs:manage");
    expect(await getRole(mia, name)).toMatchObject({ people: 1, builtIn: false, can: { edit: true, remove: false } });
    await editRole(mia, name, { permissions: ["repositories:create"] });
    const { owner } = await bearerOf(value, now());
    expect([owner.has("jobs:manage"), owner.has("repositories:create")]).toEqual([false, true]);
    expect(await eventsOf(name)).toMatchObject([
      { action: "role.create", actorName: "mia" },
      {
        action: "role.edit",
        before: { permissions: ["jobs:manage"] },
        after: { permissions: ["repositories:create"] },
      },
    ]);
  });

  test("has no audit event when nothing changed", async () => {
    const { name } = await createRole(mia, role(["jobs:manage"]));
    await editRole(mia, name, { title: "Role", permissions: ["jobs:manage", "jobs:manage"] });
    expect(await eventsOf(name)).toHaveLength(1);
  });

  test("is removed only while no user has it, and never if it is built in", async () => {
    const { name } = await createRole(mia, role());
    await db.userRole.create({ data: { userId: ids.olu, roleName: name } });
    await expect(removeRole(mia, name)).rejects.toMatchObject({ code: "conflict" });
    await db.userRole.deleteMany({ where: { roleName: name } });
    await removeRole(mia, name);
    await expect(getRole(mia, name)).rejects.toMatchObject({ code: "not-found" });
    await db.userRole.deleteMany({ where: { roleName: "author" } });
    await expect(removeRole(mia, "author")).rejects.toMatchObject({ code: "conflict" });
    await db.userRole.create({ data: { userId: ids.ada, roleName: "author" } });
  });

  test("is not created twice with one name", async () => {
    const input = role();
    await createRole(mia, input);
    await expect(createRole(mia, input)).rejects.toMatchObject({ code: "conflict", field: "name" });
  });

  test.each(["", "A", "9", "a b", "a/b", "ä", "x".repeat(41)])("cannot have the name %j", (name) => {
    expect(newRole.safeParse({ name, title: "X", permissions: [] }).success).toBe(false);
  });
});

describe("adding permissions to a role", () => {
  test("on an item requires that the administrator has them, whether or not the item exists", async () => {
    const ofAdas = { code: "forbidden", field: "permissions" };
    await expect(createRole(mia, role(["repository/Rivers:read"]))).rejects.toMatchObject(ofAdas);
    await expect(createRole(mia, role(["repository/Nowhere:read"]))).rejects.toMatchObject(ofAdas);
    expect(await createRole(root, role(["repository/Rivers:read"]))).toMatchObject({
      permissions: ["repository/Rivers:read"],
    });
  });

  test("keeps or removes even those that the administrator could not add", async () => {
    const { name } = await createRole(root, role(["repository/Rivers:read", "repository/Rivers:run"]));
    const kept = await editRole(mia, name, { permissions: ["repository/Rivers:read", "jobs:access"] });
    expect(kept.permissions).toEqual(["jobs:access", "repository/Rivers:read"]);
    await expect(editRole(mia, name, { permissions: ["repository/Rivers:run"] })).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});

describe("the role with all permissions", () => {
  test("is changed only by users who have all permissions, and has no list to edit", async () => {
    await expect(editRole(mia, "superuser", { title: "Mine" })).rejects.toMatchObject({ code: "forbidden" });
    expect(await editRole(root, "superuser", { title: "Superusers" })).toMatchObject({ everything: true });
    await expect(editRole(root, "superuser", { permissions: ["jobs:access"] })).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(removeRole(root, "superuser")).rejects.toMatchObject({ code: "conflict" });
  });
});

test("the last account manager cannot remove that from their own role, not even two at once", async () => {
  await db.user.updateMany({ where: { userName: "root" }, data: { enabled: false } });
  const second = await createRole(mia, role(["users:manage"]));
  await db.userRole.create({ data: { userId: ids.eve, roleName: second.name } });
  const eve = await actorOf("eve", now());
  const without = { permissions: ["jobs:access"] };
  for (let round = 0; round < 20; round++) {
    const both = await Promise.allSettled([editRole(mia, second.name, without), editRole(eve, "admin", without)]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await db.grant.deleteMany({ where: { roleName: { in: ["admin", second.name] } } });
    await db.grant.createMany({
      data: ["admin", second.name].map((roleName) => ({ roleName, resource: "users", action: "manage" })),
    });
  }
  await db.user.updateMany({ where: { userName: "root" }, data: { enabled: true } });
});

test("roles require `users:manage`", async () => {
  const ada = await actorOf("ada", now());
  const refusal = { code: "forbidden", extra: { permission: "users:manage" } };
  await expect(listRoles(ada)).rejects.toMatchObject(refusal);
  await expect(getRole(ada, "user")).rejects.toMatchObject(refusal);
  await expect(createRole(ada, role())).rejects.toMatchObject(refusal);
  await expect(editRole(ada, "user", {})).rejects.toMatchObject(refusal);
  await expect(removeRole(ada, "user")).rejects.toMatchObject(refusal);
});
