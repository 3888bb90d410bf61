import { beforeEach, describe, expect, test } from "vitest";
import { actorOf, introduceCast, type PersonName, signIn } from "@/testing/cast";
import { startSessionOf } from "@/testing/sessions";
import { bearerOf, makeToken } from "@/testing/tokens";
import { now } from "../clock";
import { db, pool } from "../db";
import type { Actor } from "../permissions/actor";
import { removeUser } from "./removal";

let ids: Record<PersonName, string>;
let mia: Actor;

beforeEach(async () => {
  await pool().query("TRUNCATE users, roles, repositories, tokens, audit_events CASCADE");
  ids = await introduceCast(now());
  mia = await actorOf("mia", now());
});

async function sessionOf(userId: string): Promise<Actor> {
  const { value } = await startSessionOf({ userId, ip: null, agent: null, now: now() });
  return bearerOf(value.reveal(), now());
}

const ownersOf = async (table: "repository" | "workspace", name: string) => {
  const where = table === "repository" ? { name } : { repository: { name } };
  const rows = await (db[table] as typeof db.repository).findMany({ where: where as { name: string }, select: owner });
  return [...new Set(rows.map((row) => row.owner.userName))];
};
const owner = { owner: { select: { userName: true } } } as const;

describe("removing an account", () => {
  test("removes its tokens and sessions at once", async () => {
    const { value } = await makeToken(await actorOf("eve", now()), { allPermissions: true });
    const session = await signIn("eve", now());
    expect(await bearerOf(value, now())).toMatchObject({ userName: "eve" });
    await removeUser(mia, "eve", {});
    await expect(bearerOf(value, now())).rejects.toMatchObject({ extra: { fault: "invalid" } });
    await expect(bearerOf(session.value.reveal(), now())).rejects.toMatchObject({ extra: { fault: "invalid" } });
    const event = await db.auditEvent.findFirst({ where: { action: "user.remove" } });
    expect(event).toMatchObject({ subjectName: "eve", before: { fullName: "Eve Lindqvist", roles: ["user"] } });
  });

  test("transfers what it owned, each with an audit event", async () => {
    await removeUser(mia, "ada", { heir: "olu" });
    expect([await ownersOf("repository", "Rivers"), await ownersOf("workspace", "Rivers")]).toEqual([["olu"], ["olu"]]);
    expect((await actorOf("olu", now())).owner).toContain("repository/Rivers:*");
    const events = await db.auditEvent.findMany({
      where: { action: { endsWith: "hand-over" } },
      orderBy: { id: "asc" },
    });
    expect(events.map(({ subjectName }) => subjectName).toSorted()).toEqual([
      "Rivers",
      "Rivers/flood-warnings",
      "Rivers/gauge-levels",
    ]);
    expect(events[0]).toMatchObject({ actorName: "mia", before: { owner: "ada" }, after: { owner: "olu" } });
  });

  test("transfers its app to the heir without its token", async () => {
    const { id } = await db.app.create({
      data: {
        slug: "gauges",
        name: "Gauges",
        ownerId: ids.ada,
        repositoryName: "Rivers",
        workspaceName: "gauge-levels",
        parameters: [],
        createdAt: now(),
      },
    });
    const { token } = await makeToken(await actorOf("ada", now()), { name: "Gauges" });
    await db.token.update({ where: { id: token.id }, data: { appId: id } });
    await removeUser(mia, "ada", { heir: "olu" });
    expect(await db.app.findUnique({ where: { id }, select: { ownerId: true, token: true } })).toEqual({
      ownerId: ids.olu,
      token: null,
    });
  });

  test.each([
    ["ada", {}, { code: "invalid", field: "heir" }],
    ["ada", { heir: "nobody" }, { code: "invalid", field: "heir" }],
    ["ada", { heir: "ada" }, { code: "invalid", field: "heir" }],
    ["mia", { heir: "olu" }, { code: "conflict" }],
    ["root", { heir: "olu" }, { code: "forbidden" }],
    ["nobody", {}, { code: "not-found" }],
  ])("of %s with %j is refused and changes nothing", async (name, removal, refusal) => {
    await expect(removeUser(mia, name, removal)).rejects.toMatchObject(refusal);
    expect(await db.user.count()).toBe(5);
    expect(await ownersOf("repository", "Rivers")).toEqual(["ada"]);
  });

  test("requires `users:manage`", async () => {
    const refusal = { code: "forbidden", extra: { permission: "users:manage" } };
    await expect(removeUser(await actorOf("ada", now()), "eve", {})).rejects.toMatchObject(refusal);
  });

  test("never removes the last administrator, not even when two remove each other, 100 times", async () => {
    for (let round = 0; round < 100; round++) {
      const [one, other] = await Promise.all(
        ["one", "other"].map((name) =>
          db.user.create({
            data: { userName: `${name}-${round}`, fullName: name, roles: { create: [{ roleName: "superuser" }] } },
          }),
        ),
      );
      await db.user.updateMany({ where: { userName: { in: ["root", "mia"] } }, data: { enabled: false } });
      const [first, second] = await Promise.all([one, other].map((user) => sessionOf(user?.id ?? "")));
      const removals = await Promise.allSettled([
        removeUser(first ?? mia, `other-${round}`, {}),
        removeUser(second ?? mia, `one-${round}`, {}),
      ]);
      expect(removals.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect(await db.user.count({ where: { enabled: true, roles: { some: { roleName: "superuser" } } } })).toBe(1);
      await db.user.updateMany({ where: { userName: { in: ["root", "mia"] } }, data: { enabled: true } });
      await db.user.deleteMany({ where: { userName: { in: [`one-${round}`, `other-${round}`] } } });
    }
  });
});
