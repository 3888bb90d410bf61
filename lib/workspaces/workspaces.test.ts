import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { getApp } from "@/lib/apps/queries";
import { db } from "@/lib/db";
import { submitRun } from "@/lib/jobs/commands";
import { getJob } from "@/lib/jobs/queries";
import { closeQueue, installQueue } from "@/lib/jobs/queue";
import type { Actor } from "@/lib/permissions/actor";
import { createRepository, removeFile, removeRepository } from "@/lib/repositories/commands";
import { putFile } from "@/lib/repositories/put-file";
import { share, unshare } from "@/lib/sharing/commands";
import { makeApp } from "@/testing/apps";
import { actorOf, introduceCast } from "@/testing/cast";
import { bearerOf, makeToken } from "@/testing/tokens";
import { moveWorkspace, publishWorkspace, removeWorkspace } from "./commands";
import { listMentions } from "./mentions";
import { getWorkspace, listWorkspaces, readSource, sha256Of } from "./queries";

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
  await installQueue();
  [root, ada, olu, eve] = await Promise.all([
    actorOf("root", now),
    actorOf("ada", now),
    actorOf("olu", now),
    actorOf("eve", now),
  ]);
});

afterAll(closeQueue);

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

test("the workspaces that name a data file are listed for those who may download them, and tell nothing else of their text", async () => {
  const path = { repository: "Rivers", name: "reads-files" };
  await publishWorkspace(ada, path, source.replace("SELECT $LEVEL AS level", "SELECT * FROM 'a_b.csv'"));
  const mentioning = async (who: Actor, file: string) =>
    (await listMentions(who, { repository: "Rivers", file })).map(({ name }) => name);
  const files = ["a_b.csv", "axb.csv"].map((file) => ({ repository: "Rivers", file }));
  for (const file of files) await putFile(ada, file, Buffer.from("a\n1\n"));
  expect(await mentioning(ada, "a_b.csv")).toEqual(["reads-files"]);
  expect(await mentioning(ada, "axb.csv")).toEqual([]);
  await expect(mentioning(await withToken(ada, ["jobs:access"]), "a_b.csv")).rejects.toMatchObject(notFound);
  await expect(mentioning(ada, "SELECT *")).rejects.toMatchObject(notFound);
  const reader = await withToken(ada, ["repository/Rivers:read", "repository/Rivers:publish"]);
  await expect(mentioning(reader, "a_b.csv")).rejects.toMatchObject({ code: "forbidden" });
  for (const file of files) await removeFile(ada, file);
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

  const header = (yaml: string) => `/*---\n${yaml}\n---*/\nSELECT 1 AS one\n`;
  test.each([
    ["no header", "SELECT 1", 1],
    ["no query", "/*---\ntitle: A\n---*/\n\n", 3],
    ["a header that is no YAML", header("title: A\noutput: [json"), 3],
    ["an unknown key", header("title: A\noutput: json\ncolour: red"), 4],
    ["a key that is missing", header("\n\noutput: json"), 1],
    ["a wrong value of a parameter", header("title: A\noutput: json\nparameters:\n  - name: X\n    type: colour"), 6],
    [
      "a wrong default",
      header("title: A\noutput: json\nparameters:\n  - { name: X, type: integer,\n      default: a }"),
      6,
    ],
    [
      "a repeated parameter",
      header("title: A\noutput: json\nparameters:\n- {name: X, type: text}\n- {name: X, type: text}"),
      6,
    ],
    ["a list of lists", header("title: A\noutput: json\nparameters:\n  - [1]\n"), 5],
    ["a syntax error", `${source}\n  FORM 7`, source.split("\n").length + 1],
    ["a second statement", `${source}\n  ;\n\nSELECT 2`, source.split("\n").length + 1],
    ["something that is no query", "/*---\ntitle: A\noutput: json\n---*/\n\n\nATTACH 'x.db'", 7],
    ["a function of the engine", "/*---\ntitle: A\noutput: json\n---*/\nSELECT 'ä🌊',\n  current_setting('x')", 6],
    ["a table of the engine", "/*---\ntitle: A\noutput: json\n---*/\nSELECT 'ä🌊'\nFROM\n pg_catalog.pg_class", 7],
    ["an unknown parameter", "/*---\ntitle: A\noutput: json\n---*/\nSELECT '$x', -- $x\n  1 AS \"$x\",\n$x", 7],
  ])("of a file with %s says the line", async (_, text, line) => {
    const publication = publishWorkspace(ada, { repository: "Rivers", name: "x" }, text);
    await expect(publication).rejects.toMatchObject({ code: "invalid", extra: { line } });
  });

  test("says the line of a syntax error after any text", async () => {
    const before = fc.array(fc.constantFrom("ä", "🌊", "'", "\n", "a", "--", "日"), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(before, async (signs) => {
        const comment = signs.join("").replaceAll("'", "").replaceAll("\n", "\n-- ");
        const text = `${header("title: A\noutput: json").trimEnd()}, -- ${comment}\n  1 FORM x y`;
        const publication = publishWorkspace(ada, { repository: "Rivers", name: "x" }, text);
        await expect(publication).rejects.toMatchObject({ field: "query", extra: { line: text.split("\n").length } });
      }),
      { numRuns: 15 },
    );
  });

  test("replaces only the text that the author has read, also when two replace it at once", async () => {
    const path = { repository: "Rivers", name: "edited" };
    const absent = (sha256: string | null) => sha256 === null;
    const first = await publishWorkspace(ada, path, source, absent);
    await expect(publishWorkspace(ada, path, source, absent)).rejects.toMatchObject({ code: "precondition-failed" });
    const is = (sha256: string) => (present: string | null) => present === sha256;
    for (let round = 0, { sha256 } = first; round < 10; round++) {
      const outcomes = await Promise.allSettled(
        ["left", "right"].map((side) =>
          publishWorkspace(ada, path, source.replace("Floods", `${side} ${round}`), is(sha256)),
        ),
      );
      const done = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
      expect(done).toHaveLength(1);
      sha256 = done[0]?.sha256 ?? "";
      expect(sha256Of(await readSource(ada, path))).toBe(sha256);
    }
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

describe("renaming and moving", () => {
  const path = { repository: "Rivers", name: "wandering" };
  const newName = (name: string) => ({ repository: "Rivers", name });

  test("keeps apps, tokens and jobs, and what the name gave is given by the new one", async () => {
    await publishWorkspace(ada, path, source);
    const owner = await actorOf("ada", now);
    const { app } = await makeApp(owner, { workspace: "wandering" });
    const { value } = await makeToken(owner, { permissions: ["workspace/Rivers/wandering:run"] });
    const { id } = await submitRun(owner, path, { parameters: {} });
    const moved = await moveWorkspace(owner, path, { name: "settled" });
    expect(moved).toMatchObject({ name: "settled", can: { run: true, replace: true, remove: true } });
    await expect(getWorkspace(owner, path)).rejects.toMatchObject(notFound);
    const later = await actorOf("ada", now);
    expect(await getApp(later, app.slug)).toMatchObject({ workspace: "settled", available: true });
    expect(await getJob(later, id)).toMatchObject({ workspace: "settled" });
    expect([...(await bearerOf(value, now)).given]).toEqual(["workspace/Rivers/settled:run"]);
    const [event] = await db.auditEvent.findMany({ where: { action: "workspace.move" }, orderBy: { id: "desc" } });
    expect(event).toMatchObject({
      subjectName: "Rivers/settled",
      before: { workspace: "Rivers/wandering" },
      after: { workspace: "Rivers/settled" },
    });
  });

  test("to a name that is taken is refused at the name, and changes nothing", async () => {
    await expect(moveWorkspace(root, newName("settled"), { name: "floods" })).rejects.toMatchObject({
      code: "conflict",
      field: "name",
    });
    expect(await getWorkspace(root, newName("settled"))).toMatchObject({ title: "Floods" });
  });

  test("to another repository ends its sharing, and needs the permission to publish there", async () => {
    const partner = { kind: "users" as const, name: "eve" };
    const shared = "workspace/Rivers/settled:run";
    await share(await actorOf("ada", now), { workspace: newName("settled") }, partner, { permissions: [shared] });
    const owner = await actorOf("ada", now);
    await expect(moveWorkspace(owner, newName("settled"), { repository: "Samples" })).rejects.toMatchObject(
      lacks("repository/Samples:publish"),
    );
    await expect(moveWorkspace(owner, newName("settled"), { repository: "Nowhere" })).rejects.toMatchObject(notFound);
    await expect(moveWorkspace(await actorOf("eve", now), newName("settled"), { name: "hers" })).rejects.toMatchObject(
      lacks("repository/Rivers:remove"),
    );
    await createRepository(owner, { name: "Meres", description: "" });
    const moved = await moveWorkspace(await actorOf("ada", now), newName("settled"), { repository: "Meres" });
    expect(moved).toMatchObject({ repository: "Meres", name: "settled" });
    const eves = await actorOf("eve", now);
    await expect(getWorkspace(eves, { repository: "Meres", name: "settled" })).rejects.toMatchObject(notFound);
  });

  test("by two people at once is done by one of them", async () => {
    await publishWorkspace(ada, newName("raced-away"), source);
    const owner = await actorOf("ada", now);
    const outcomes = await Promise.allSettled(
      ["east", "west"].map((name) => moveWorkspace(owner, newName("raced-away"), { name })),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
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
