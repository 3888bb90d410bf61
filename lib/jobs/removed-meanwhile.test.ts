import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { changeAccount } from "@/lib/account/commands";
import { db } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { createRepository } from "@/lib/repositories/commands";
import { putFile } from "@/lib/repositories/put-file";
import { newRepository } from "@/lib/repositories/schema";
import { createRole } from "@/lib/roles/commands";
import { createUser } from "@/lib/users/commands";
import { newUser } from "@/lib/users/schema";
import { publishWorkspace } from "@/lib/workspaces/commands";
import { blockedBy } from "@/testing/blocked-by";
import { actorOf, introduceCast } from "@/testing/cast";
import { submitRun } from "./commands";
import { closeQueue, installQueue } from "./queue";

const now = new Date();
const source = "/*---\ntitle: One\noutput: json\n---*/\nSELECT 1 AS one";
const path = { repository: "Melting", name: "snow" };
const bytes = new TextEncoder().encode("a\n1\n");

let ada: Actor;
let root: Actor;

beforeAll(async () => {
  await introduceCast(now);
  await installQueue();
  root = await actorOf("root", now);
});
afterAll(closeQueue);

beforeEach(async () => {
  await db.repository.deleteMany({ where: { name: path.repository } });
  ada = await actorOf("ada", now);
  await createRepository(ada, newRepository.parse({ name: path.repository }));
  ada = await actorOf("ada", now);
  await publishWorkspace(ada, path, source);
});

/** Does work that meets a removal which has begun and then commits. */
const meet = (removal: string, work: () => Promise<unknown>) => blockedBy([[removal]], work);
const notFound = { code: "not-found" };

describe("while its repository goes", () => {
  const removal = "DELETE FROM repositories WHERE name = 'Melting'";

  test.each<[string, () => Promise<unknown>]>([
    ["a new file", () => putFile(ada, { repository: path.repository, file: "new.csv" }, bytes)],
    ["a new workspace", () => publishWorkspace(ada, { ...path, name: "ice" }, source)],
    ["another text of a workspace", () => publishWorkspace(ada, path, source)],
    ["a run", () => submitRun(ada, path, { parameters: {} })],
  ])("%s is not found", async (_, work) => {
    await expect(meet(removal, work)).rejects.toMatchObject(notFound);
  });

  test("a file put in place of another is not found", async () => {
    const file = { repository: path.repository, file: "old.csv" };
    await putFile(ada, file, bytes);
    const other = new TextEncoder().encode("a\n2\n");
    await expect(meet(removal, () => putFile(ada, file, other))).rejects.toMatchObject(notFound);
  });
});

test("a workspace that is replaced while it is removed is not found", async () => {
  const work = () => publishWorkspace(ada, path, source);
  await expect(meet("DELETE FROM workspaces WHERE name = 'snow'", work)).rejects.toMatchObject(notFound);
});

test("a user whose role is removed meanwhile is refused on the roles", async () => {
  await createRole(root, { name: "melter", title: "Melter", description: "", permissions: [] });
  const input = newUser.parse({ userName: "bea", fullName: "Bea", roles: ["melter"] });
  const work = () => createUser(root, input);
  await expect(meet("DELETE FROM roles WHERE name = 'melter'", work)).rejects.toMatchObject({
    code: "invalid",
    field: "roles",
  });
});

test("what an account does while it is removed is refused", async () => {
  const removal = "DELETE FROM users WHERE user_name = 'eve'";
  const eve = { ...(await actorOf("eve", now)), owner: new Set(["repositories:create"]) };
  await expect(meet(removal, () => createRepository(eve, newRepository.parse({ name: "Late" })))).rejects.toMatchObject(
    {
      code: "unauthenticated",
    },
  );
  const { id: userId } = await db.user.create({ data: { userName: "eve", fullName: "Eve" }, select: { id: true } });
  const work = () => changeAccount({ ...eve, userId }, { fullName: "Late" });
  await expect(meet(removal, work)).rejects.toMatchObject(notFound);
});
