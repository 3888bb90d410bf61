import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { blockedBy } from "@/testing/blocked-by";
import { actorOf, introduceCast, type PersonName } from "@/testing/cast";
import { bearerOf, makeToken } from "@/testing/tokens";
import { now } from "../clock";
import { db } from "../db";
import type { Actor } from "../permissions/actor";
import { publishWorkspace, removeWorkspace } from "../workspaces/commands";
import { readSource, workspaceFor } from "../workspaces/queries";
import { share, unshare } from "./commands";
import { listGrants } from "./queries";
import type { Grantee } from "./schema";

let ids: Record<PersonName, string>;
let ada: Actor;

beforeAll(async () => {
  ids = await introduceCast(now());
  await db.app.create({
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
});
beforeEach(async () => {
  ada = await actorOf("ada", now());
});

const rivers = { repository: "Rivers" };
const user = (name: string): Grantee => ({ kind: "users", name });
const role = (name: string): Grantee => ({ kind: "roles", name });
const permissionsOf = async (name: PersonName) => (await actorOf(name, now())).owner;

describe("sharing a repository", () => {
  test("applies at once, also to tokens, and so does revoking it", async () => {
    const { value } = await makeToken(await actorOf("eve", now()), { allPermissions: true });
    await share(ada, rivers, user("Eve"), { permissions: ["repository/Rivers:run", "repository/Rivers:read"] });
    expect((await bearerOf(value, now())).owner).toContain("repository/Rivers:run");
    await share(ada, rivers, user("eve"), { permissions: ["repository/Rivers:read"] });
    expect((await bearerOf(value, now())).owner).not.toContain("repository/Rivers:run");
    await unshare(ada, rivers, user("eve"));
    expect((await bearerOf(value, now())).owner).not.toContain("repository/Rivers:read");
  });

  test("with a role shares it with everybody who has the role", async () => {
    await share(ada, rivers, role("user"), { permissions: ["workspace/Rivers/gauge-levels:run"] });
    expect(await permissionsOf("eve")).toContain("workspace/Rivers/gauge-levels:run");
    await unshare(ada, rivers, role("user"));
    expect(await permissionsOf("eve")).not.toContain("workspace/Rivers/gauge-levels:run");
    expect(await permissionsOf("eve")).toContain("repository/Samples:run");
  });

  test.each([user("eve"), role("user")])(
    "with %j, and revoking it, also decides about what was published there",
    async (partner) => {
      const peep = { repository: "Rivers", name: "peep" };
      await share(ada, rivers, partner, { permissions: ["repository/Rivers:publish"] });
      const eve = await actorOf("eve", now());
      await publishWorkspace(eve, peep, "/*---\ntitle: Peep\noutput: json\n---*/\nSELECT * FROM 'levels.csv'\n");
      const { value } = await makeToken(eve, { allPermissions: true });
      expect(await readSource(await bearerOf(value, now()), peep)).toContain("levels.csv");
      await unshare(ada, rivers, partner);
      const token = await bearerOf(value, now());
      for (const who of [token, await actorOf("eve", now())]) {
        for (const action of ["run", "publish", "download", "remove"] as const) {
          await expect(workspaceFor(who, peep, action)).rejects.toMatchObject({ code: "not-found" });
        }
      }
      await removeWorkspace(ada, peep);
    },
  );

  test("lists users and roles, and no tokens", async () => {
    await makeToken(ada, { permissions: ["repository/Rivers:run"] });
    await share(ada, rivers, role("author"), { permissions: ["repository/Rivers:read"] });
    expect((await listGrants(ada, rivers)).items).toEqual([
      { kind: "roles", name: "author", title: "Author", permissions: ["repository/Rivers:read"] },
      {
        kind: "users",
        name: "olu",
        title: "Olu Haugen",
        permissions: ["workspace/Rivers/gauge-levels:read", "workspace/Rivers/gauge-levels:run"],
      },
    ]);
    await unshare(ada, rivers, role("author"));
  });

  test("records one audit event per change, and none when nothing changed", async () => {
    const before = await db.auditEvent.count({ where: { action: "repository.share" } });
    await share(ada, rivers, user("mia"), { permissions: ["repository/Rivers:read"] });
    await share(ada, rivers, user("mia"), { permissions: ["repository/Rivers:read"] });
    await unshare(ada, rivers, user("mia"));
    const events = await db.auditEvent.findMany({
      where: { action: "repository.share" },
      orderBy: { id: "asc" },
      skip: before,
    });
    expect(events).toMatchObject([
      {
        actorName: "ada",
        subjectName: "Rivers",
        before: { with: "user mia", permissions: [] },
        after: { permissions: ["repository/Rivers:read"] },
      },
      { before: { permissions: ["repository/Rivers:read"] }, after: { with: "user mia", permissions: [] } },
    ]);
  });

  test.each([
    [user("nobody"), ["repository/Rivers:read"], { code: "not-found" }],
    [role("nothing"), ["repository/Rivers:read"], { code: "not-found" }],
    [user("eve"), ["repository/Samples:read"], { code: "invalid", field: "permissions" }],
    [user("eve"), ["users:manage"], { code: "invalid", field: "permissions" }],
    [user("eve"), ["workspace/Rivers/nothing:run"], { code: "invalid", field: "permissions" }],
  ])("with %j of %j is refused", async (partner, permissions, refusal) => {
    await expect(share(ada, rivers, partner, { permissions })).rejects.toMatchObject(refusal);
    expect(await permissionsOf("eve")).not.toContain("repository/Rivers:read");
  });

  test("is open to its owner only, and not found for users who may not see the item", async () => {
    const grant = { permissions: ["repository/Rivers:read"] };
    for (const name of ["olu", "mia"] as const) {
      const other = await actorOf(name, now());
      await expect(share(other, rivers, user("eve"), grant)).rejects.toMatchObject({ code: "not-found" });
      await expect(listGrants(other, rivers)).rejects.toMatchObject({ code: "not-found" });
    }
    const samples = { repository: "Samples" };
    const ofSamples = { permissions: ["repository/Samples:remove"] };
    await expect(share(ada, samples, user("ada"), ofSamples)).rejects.toMatchObject({ code: "forbidden" });
    const { value } = await makeToken(ada, { permissions: ["repository/Rivers:read", "repository/Rivers:remove"] });
    await expect(share(await bearerOf(value, now()), rivers, user("eve"), grant)).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(await share(await actorOf("root", now()), rivers, user("mia"), grant)).toMatchObject({ name: "mia" });
    await unshare(ada, rivers, user("mia"));
  });

  test("by many concurrent requests with one person leaves one of them complete", async () => {
    const sets = [
      ["repository/Rivers:read"],
      ["repository/Rivers:run"],
      ["repository/Rivers:read", "repository/Rivers:run"],
    ];
    await Promise.all(
      Array.from({ length: 30 }, (_, index) => share(ada, rivers, user("eve"), { permissions: sets[index % 3] ?? [] })),
    );
    const eve = (await listGrants(ada, rivers)).items.find(({ name }) => name === "eve");
    expect(sets).toContainEqual(eve?.permissions);
    await unshare(ada, rivers, user("eve"));
    await expect(unshare(ada, rivers, user("eve"))).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("sharing a single workspace", () => {
  const gauges = { workspace: { repository: "Rivers", name: "gauge-levels" } };
  const read = "workspace/Rivers/gauge-levels:read" as const;
  const run = "workspace/Rivers/gauge-levels:run" as const;

  test("keeps what is shared of its repository and other workspaces", async () => {
    const before = ["repository/Rivers:read", "workspace/Rivers/flood-warnings:read", run];
    await share(ada, rivers, user("eve"), { permissions: before });
    expect(await share(ada, gauges, user("eve"), { permissions: [read] })).toEqual({
      ...{ kind: "users", name: "eve", title: "Eve Lindqvist" },
      permissions: [read],
    });
    expect((await listGrants(ada, gauges)).items.find(({ name }) => name === "eve")?.permissions).toEqual([read]);
    await unshare(ada, gauges, user("eve"));
    const left = (await listGrants(ada, rivers)).items.find(({ name }) => name === "eve")?.permissions;
    expect(left).toEqual(["repository/Rivers:read", "workspace/Rivers/flood-warnings:read"]);
    await expect(unshare(ada, gauges, user("eve"))).rejects.toMatchObject({ code: "not-found" });
    await unshare(ada, rivers, user("eve"));
    const [event] = await db.auditEvent.findMany({ where: { action: "workspace.share" }, orderBy: { id: "asc" } });
    expect(event).toMatchObject({
      subjectName: "Rivers/gauge-levels",
      before: { with: "user eve", permissions: [run] },
      after: { permissions: [read] },
    });
  });

  test("concerns that workspace only, and is open to the owner of its repository", async () => {
    const wider = [
      "repository/Rivers:read",
      "workspace/Rivers/flood-warnings:read",
      "workspace/Rivers/gauge-levels-2:run",
    ];
    for (const permission of wider) {
      const refused = share(ada, gauges, user("eve"), { permissions: [permission] });
      await expect(refused).rejects.toMatchObject({ code: "invalid", field: "permissions" });
    }
    const olu = await actorOf("olu", now());
    await expect(share(olu, gauges, user("eve"), { permissions: [read] })).rejects.toMatchObject({ code: "forbidden" });
    const eve = await actorOf("eve", now());
    await expect(listGrants(eve, gauges)).rejects.toMatchObject({ code: "not-found" });
    await expect(listGrants(ada, { workspace: { ...gauges.workspace, name: "nothing" } })).rejects.toMatchObject({
      code: "not-found",
    });
  });
});

describe("sharing an app", () => {
  test("lets somebody manage it, who may not share it further", async () => {
    const gauges = { app: "gauges" };
    const manage = { permissions: ["app/gauges:manage"] };
    const olu = await actorOf("olu", now());
    await expect(share(olu, gauges, user("olu"), manage)).rejects.toMatchObject({ code: "not-found" });
    await share(ada, gauges, user("olu"), manage);
    expect(await permissionsOf("olu")).toContain("app/gauges:manage");
    await expect(share(await actorOf("olu", now()), gauges, user("eve"), manage)).rejects.toMatchObject({
      code: "forbidden",
    });
    await unshare(ada, gauges, user("olu"));
    expect(await permissionsOf("olu")).not.toContain("app/gauges:manage");
  });
});

describe("an item that is transferred at the same time", () => {
  type Statement = [text: string, ...owner: PersonName[]];
  const lakes = `
     WITH made AS (INSERT INTO repositories (id, name, owner_id) VALUES (gen_random_uuid(), 'Lakes', $1) RETURNING id)
     INSERT INTO workspaces (id, repository_id, owner_id, name, title, output, parameters, source)
     SELECT gen_random_uuid(), id, $1, 'depths', 'Depths', 'json', '[]', '' FROM made`;
  const lakeApp = `
     INSERT INTO apps (id, slug, name, owner_id, repository_name, workspace_name, parameters, created_at)
     VALUES (gen_random_uuid(), 'lakes', 'Lakes', $1, 'Lakes', 'depths', '[]', now())`;

  beforeEach(async () => {
    await db.app.deleteMany({ where: { slug: "lakes" } });
    await db.repository.deleteMany({ where: { name: "Lakes" } });
    for (const text of [lakes, lakeApp]) await db.$executeRawUnsafe(text.replaceAll("$1", `'${ids.ada}'::uuid`));
    ada = await actorOf("ada", now());
  });

  const replaced: Statement[] = [
    ["DELETE FROM apps WHERE slug = 'lakes'"],
    ["DELETE FROM repositories WHERE name = 'Lakes'"],
    [lakes, "olu"],
    [lakeApp, "olu"],
  ];
  const transferred: Statement[] = [
    ["UPDATE repositories SET owner_id = $1 WHERE name = 'Lakes'", "olu"],
    ["UPDATE apps SET owner_id = $1 WHERE slug = 'lakes'", "olu"],
  ];

  describe.each([
    { item: { repository: "Lakes" }, permission: "repository/Lakes:read" },
    { item: { workspace: { repository: "Lakes", name: "depths" } }, permission: "workspace/Lakes/depths:read" },
    { item: { app: "lakes" }, permission: "app/lakes:manage" },
  ])("is not shared by its previous owner: $permission", ({ item, permission }) => {
    test.each([
      ["removed, and somebody else creates one of the same name", replaced],
      ["transferred", transferred],
    ])("when it is %s", async (_, changes) => {
      const concurrent = changes.map(([text, ...names]) => [text, ...names.map((name) => ids[name])] as const);
      const shared = blockedBy(concurrent, () => share(ada, item, user("eve"), { permissions: [permission] }));
      await expect(shared).rejects.toMatchObject({ code: "not-found" });
      expect(await permissionsOf("eve")).not.toContain(permission);
    });
  });
});

describe("an owner who waits while something changes", () => {
  const items = [rivers, { workspace: { repository: "Rivers", name: "gauge-levels" } }, { app: "gauges" }];
  const some = [["repository/Rivers:read"], ["workspace/Rivers/gauge-levels:read"], ["app/gauges:manage"]];
  const cases = items.map((item, index) => [JSON.stringify(item), item, some[index] ?? []] as const);
  const commands = (who: Actor, [, item, permissions]: (typeof cases)[number]) => [
    () => share(who, item, user("eve"), { permissions }),
    () => unshare(who, item, user("olu")),
  ];

  test.each(cases)("neither shares nor unshares with a session that ended: %s", async (...each) => {
    await share(ada, each[1], user("olu"), { permissions: each[2] });
    const before = await listGrants(ada, each[1]);
    for (const index of [0, 1]) {
      const who = await actorOf("ada", now());
      const end = [["UPDATE tokens SET expires_at = now() WHERE id = $1", who.token.id]] as const;
      const work = commands(who, each)[index] as () => Promise<unknown>;
      await expect(blockedBy(end, work)).rejects.toMatchObject({ code: "unauthenticated" });
    }
    expect(await listGrants(ada, each[1])).toEqual(before);
  });

  test.each(cases)("neither shares nor unshares with a token that was narrowed: %s", async (...each) => {
    await share(ada, each[1], user("olu"), { permissions: each[2] });
    const before = await listGrants(ada, each[1]);
    for (const index of [0, 1]) {
      const { value, token } = await makeToken(ada, { allPermissions: true });
      const who = await bearerOf(value, now());
      const narrow = [["UPDATE tokens SET all_permissions = false WHERE id = $1", token.id]] as const;
      const work = commands(who, each)[index] as () => Promise<unknown>;
      await expect(blockedBy(narrow, work)).rejects.toMatchObject({ code: "not-found" });
    }
    expect(await listGrants(ada, each[1])).toEqual(before);
  });

  test.each(cases)("neither shares nor unshares as a superuser who is none any more: %s", async (...each) => {
    await share(ada, each[1], user("olu"), { permissions: each[2] });
    const before = await listGrants(ada, each[1]);
    for (const index of [0, 1]) {
      await db.userRole.deleteMany({ where: { userId: ids.root } });
      await db.userRole.create({ data: { userId: ids.root, roleName: "superuser" } });
      const root = await actorOf("root", now());
      const demote = [
        ["SELECT FROM tokens WHERE id = $1 FOR UPDATE", root.token.id],
        ["DELETE FROM user_roles WHERE user_id = $1", ids.root],
      ] as const;
      const work = commands(root, each)[index] as () => Promise<unknown>;
      await expect(blockedBy(demote, work)).rejects.toMatchObject({ code: "not-found" });
    }
    expect(await listGrants(ada, each[1])).toEqual(before);
  });
});
