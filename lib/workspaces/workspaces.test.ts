import { beforeAll, describe, expect, test, vi } from "vitest";
import { db } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { createRepository, removeRepository } from "@/lib/repositories/commands";
import { share, unshare } from "@/lib/sharing/commands";
import { actorOf, introduceCast } from "@/testing/cast";
import { bearerOf, makeToken } from "@/testing/tokens";
import { publishWorkspace, removeWorkspace } from "./commands";
import { listMentions } from "./mentions";
import { getWorkspace, listWorkspaces, readSource } from "./queries";

// Runs and checks start processes, which are slow on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const now = new Date();
const gauges = { repository: "Rivers", name: "gauge-levels" };
const warnings = { repository: "Rivers", name: "flood-warnings" };
const source = `/*---
title: Floods
output: json
parameters: [{ name: LEVEL, type: number, default: 3 }]
---*/
SELECT $LEVEL AS level
`;

let root: Actor;
let ada: Actor;
let olu: Actor;
let eve: Actor;

beforeAll(async () => {
  await introduceCast(now);
  [root, ada, olu, eve] = await Promise.all([
    actorOf("root", now),
    actorOf("ada", now),
    actorOf("olu", now),
    actorOf("eve", now),
  ]);
});

/** The actor of an API token of this user that has only these permissions. */
async function withToken(who: Actor, permissions: string[]): Promise<Actor> {
  const { value } = await makeToken(who, { permissions });
  return bearerOf(value, now);
}

const notFound = { code: "not-found", message: "Not found, or you don't have access." };
const lacks = (permission: string) => ({ code: "forbidden", extra: { permission } });

test("the answer to publishing a workspace says what its owner may do with it", async () => {
  await share(
    ada,
    { repository: "Rivers" },
    { kind: "users", name: "eve" },
    { permissions: ["repository/Rivers:publish"] },
  );
  const path = { repository: "Rivers", name: "tides" };
  const can = { run: true, download: true, replace: true, remove: true };
  expect((await publishWorkspace(await actorOf("eve", now), path, source)).workspace).toMatchObject({ can });
  expect(await getWorkspace(await actorOf("eve", now), path)).toMatchObject({ can });
  await removeWorkspace(ada, path);
  await unshare(ada, { repository: "Rivers" }, { kind: "users", name: "eve" });
});

test("the workspaces that name a data file are listed for those who may read its repository", async () => {
  const path = { repository: "Rivers", name: "reads-files" };
  await publishWorkspace(ada, path, source.replace("SELECT $LEVEL AS level", "SELECT * FROM 'a_b.csv', 'a%b.csv'"));
  const mentioning = async (who: Actor, file: string) =>
    (await listMentions(who, { repository: "Rivers", file })).map(({ name }) => name);
  expect(await mentioning(ada, "a_b.csv")).toEqual(["reads-files"]);
  expect(await mentioning(ada, "a%b.csv")).toEqual(["reads-files"]);
  expect(await mentioning(ada, "axb.csv")).toEqual([]);
  await expect(mentioning(await withToken(ada, ["jobs:access"]), "a_b.csv")).rejects.toMatchObject(notFound);
  await removeWorkspace(ada, path);
});

describe("seeing workspaces", () => {
  const namesOf = async (who: Actor) =>
    (await listWorkspaces(who, { limit: 100 })).items.map(({ repository, name }) => `${repository}/${name}`);
  const samples = ["airports-by-state", "nearby-earthquakes", "seattle-weather-by-month"].map((n) => `Samples/${n}`);

  test("a user sees the workspaces that they may read, and no others", async () => {
    expect(await namesOf(root)).toEqual(["Rivers/flood-warnings", "Rivers/gauge-levels", ...samples]);
    expect(await namesOf(ada)).toEqual(["Rivers/flood-warnings", "Rivers/gauge-levels", ...samples]);
    expect(await namesOf(olu)).toEqual(["Rivers/gauge-levels", ...samples]);
    expect(await namesOf(eve)).toEqual(samples);
  });

  test("a token sees those that its permissions allow", async () => {
    expect(await namesOf(await withToken(ada, ["workspace/Rivers/gauge-levels:read"]))).toEqual([
      "Rivers/gauge-levels",
    ]);
    expect(await namesOf(await withToken(olu, ["workspace/Rivers/gauge-levels:run"]))).toEqual([]);
    expect(await namesOf(await withToken(ada, ["repository/Rivers:read"]))).toEqual([
      "Rivers/flood-warnings",
      "Rivers/gauge-levels",
    ]);
  });

  test("a workspace that is not visible is refused like one that does not exist", async () => {
    for (const look of [getWorkspace, readSource, removeWorkspace]) {
      await expect(look(eve, gauges)).rejects.toMatchObject(notFound);
      await expect(look(eve, { repository: "Rivers", name: "never was" })).rejects.toMatchObject(notFound);
      await expect(look(olu, warnings)).rejects.toMatchObject(notFound);
    }
    await expect(publishWorkspace(eve, gauges, source)).rejects.toMatchObject(notFound);
    await expect(publishWorkspace(eve, { repository: "Nowhere", name: "x" }, source)).rejects.toMatchObject(notFound);
  });

  test("an action that is not permitted on a visible workspace is refused with the missing permission", async () => {
    const runner = await withToken(olu, ["workspace/Rivers/gauge-levels:run"]);
    await expect(getWorkspace(runner, gauges)).rejects.toMatchObject(lacks("workspace/Rivers/gauge-levels:read"));
    await expect(readSource(olu, gauges)).rejects.toMatchObject(lacks("repository/Rivers:download"));
    await expect(publishWorkspace(olu, gauges, source)).rejects.toMatchObject(lacks("repository/Rivers:publish"));
    await expect(removeWorkspace(olu, gauges)).rejects.toMatchObject(lacks("repository/Rivers:remove"));
  });

  test("a view has the permitted actions", async () => {
    expect((await getWorkspace(olu, gauges)).can).toEqual({
      run: true,
      download: false,
      replace: false,
      remove: false,
    });
    expect((await getWorkspace(ada, gauges)).can).toEqual({ run: true, download: true, replace: true, remove: true });
  });

  test("the list has pages and can be searched", async () => {
    const first = await listWorkspaces(ada, { limit: 2 });
    const second = await listWorkspaces(ada, { limit: 100, cursor: first.nextCursor ?? "" });
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(
      (await listWorkspaces(ada, { limit: 100 })).items.map(({ name }) => name),
    );
    expect(second.nextCursor).toBeNull();
    const found = await listWorkspaces(ada, { limit: 100, q: "QUAKE" });
    expect(found.items.map(({ name }) => name)).toEqual(["nearby-earthquakes"]);
    expect((await listWorkspaces(ada, { limit: 100, q: "%" })).items).toEqual([]);
    expect((await listWorkspaces(ada, { limit: 100, repository: "Rivers" })).items).toHaveLength(2);
    await expect(listWorkspaces(ada, { limit: 2, cursor: "bm8" })).rejects.toMatchObject({ field: "cursor" });
  });
});

describe("publishing", () => {
  test("creates a workspace that the publisher owns, and then replaces its text", async () => {
    const path = { repository: "Rivers", name: "floods" };
    const made = await publishWorkspace(ada, path, source);
    expect(made).toMatchObject({ created: true, workspace: { title: "Floods", owner: "ada", output: "json" } });
    expect(made.workspace.parameters).toMatchObject([{ name: "LEVEL", type: "number", default: 3 }]);
    const again = await publishWorkspace(root, path, source.replace("Floods", "Great floods"));
    expect(again).toMatchObject({ created: false, workspace: { title: "Great floods", owner: "ada" } });
    expect(await readSource(ada, path)).toContain("title: Great floods");
    const trace = await db.auditEvent.findMany({ where: { subjectName: "Rivers/floods" }, orderBy: { id: "asc" } });
    expect(trace.map(({ action, actorName }) => [action, actorName])).toEqual([
      ["workspace.publish", "ada"],
      ["workspace.replace", "root"],
    ]);
  });

  test("needs the permission on the repository, which alone is enough for a token", async () => {
    const publisher = await withToken(ada, ["repository/Rivers:publish"]);
    const path = { repository: "Rivers", name: "by-token" };
    expect(await publishWorkspace(publisher, path, source)).toMatchObject({ created: true });
    await expect(publishWorkspace(publisher, { ...path, repository: "Samples" }, source)).rejects.toMatchObject(
      notFound,
    );
    await expect(publishWorkspace(ada, { ...path, repository: "Samples" }, source)).rejects.toMatchObject(
      lacks("repository/Samples:publish"),
    );
  });

  test.each([
    ["a/b", source, "name"],
    [" x", source, "name"],
    ["x.", source, "name"],
    ["..", source, "name"],
    ["x:run", source, "name"],
    ["*", source, "name"],
    ["x", "SELECT 1", "header"],
    ["x", source.replace("SELECT", "SELCT"), "query"],
    ["x", source.replace("SELECT $LEVEL AS level", "ATTACH 'x.db'"), "query"],
    ["x", source.replace("$LEVEL", "$HEIGHT"), "query"],
    ["x", `${source}; SELECT 2`, "query"],
    ["x", source.replace("number", "colour"), "parameters.0.type"],
  ])("of %s is refused on the wrong field (row %#)", async (name, text, field) => {
    const before = await db.workspace.count();
    await expect(publishWorkspace(ada, { repository: "Rivers", name }, text)).rejects.toMatchObject({
      code: "invalid",
      field,
    });
    expect(await db.workspace.count()).toBe(before);
  });

  test("several times at once creates one workspace", async () => {
    const path = { repository: "Rivers", name: "raced" };
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => publishWorkspace(ada, path, source)));
    expect(await db.workspace.count({ where: { name: "raced" } })).toBe(1);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "conflict" });
    }
  });
});

test("removing a workspace removes the permissions on it, and no others", async () => {
  await removeWorkspace(ada, gauges);
  await expect(getWorkspace(ada, gauges)).rejects.toMatchObject(notFound);
  expect(await db.grantedPermission.count({ where: { permission: { contains: "gauge-levels" } } })).toBe(0);
  expect(await getWorkspace(ada, warnings)).toMatchObject({ name: "flood-warnings" });
});

test("removing a repository removes its workspaces", async () => {
  await createRepository(ada, { name: "Lakes", description: "" });
  const owner = await actorOf("ada", now);
  await publishWorkspace(owner, { repository: "Lakes", name: "levels" }, source);
  await removeRepository(owner, "Lakes");
  expect(await db.workspace.count({ where: { name: "levels" } })).toBe(0);
});
