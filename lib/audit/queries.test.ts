import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseCsv } from "@/components/results/csv";
import { makeApp } from "@/testing/apps";
import { actorOf, introduceCast, type PersonName } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";
import { later, minutes, now } from "../clock";
import { db } from "../db";
import type { Actor } from "../permissions/actor";
import { createRepository } from "../repositories/commands";
import { changeUser } from "../users/commands";
import { publishWorkspace, removeWorkspace } from "../workspaces/commands";
import { cell, eventsAsCsv, eventsAsJson } from "./export";
import { exportAuditEvents, listAuditEvents } from "./queries";
import { auditExport, auditFilter } from "./schema";

const levels = "/*---\ntitle: Levels\noutput: json\n---*/\nSELECT 1 AS level\n";

let ids: Record<PersonName, string>;
let mia: Actor;

beforeAll(async () => {
  ids = await introduceCast(now());
});
beforeEach(async () => {
  await db.auditEvent.deleteMany();
  mia = await actorOf("mia", now());
});

const list = (input: object = {}, who = mia) => listAuditEvents(who, auditFilter.parse(input));
const subjects = async (input: object) => (await list(input)).items.map(({ subject }) => subject.name);

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** Inserts events of accounts that do not exist. */
const invent = (count: number, event: object = {}) =>
  db.auditEvent.createMany({
    data: Array.from({ length: count }, (_, index) => ({
      at: now(),
      action: "user.create",
      actorId: ids.root,
      actorName: "root",
      subjectType: "user",
      subjectId: String(index),
      subjectName: `person-${index}`,
      ...event,
    })),
  });

describe("what administrators read", () => {
  test("contains changes of accounts and repositories with their actor and IP address", async () => {
    await changeUser(mia, "eve", { enabled: false });
    await changeUser(mia, "eve", { enabled: true });
    await createRepository(await actorOf("ada", now()), { name: "Lakes", description: "" });
    expect((await list()).items).toMatchObject([
      { action: "repository.create", by: { userName: "ada" }, subject: { type: "repository", name: "Lakes" } },
      { action: "user.enable", by: { userName: "mia", tokenName: expect.any(String) }, address: "192.0.2.7" },
      { action: "user.disable", subject: { type: "user", name: "eve" } },
    ]);
  });

  test("says what URLs call an item now, unless it was removed or is out of reach", async () => {
    const ada = await actorOf("ada", now());
    await createRepository(ada, { name: "Fens", description: "" });
    await publishWorkspace(await actorOf("ada", now()), { repository: "Fens", name: "levels" }, levels);
    const { app } = await makeApp(await actorOf("ada", now()), {
      name: "Fen levels",
      repository: "Fens",
      workspace: "levels",
    });
    await changeUser(mia, "eve", { enabled: false });
    await changeUser(mia, "eve", { enabled: true });
    await invent(1, { subjectId: "network 192.0.2.0/24", subjectName: "(no such user)" });
    await invent(1, { subjectType: "role", subjectId: "author", subjectName: "author" });
    await invent(1, { subjectType: "role", subjectId: "gone", subjectName: "gone" });
    const namesFor = async (who: Actor) =>
      Object.fromEntries((await list({}, who)).items.map(({ subject }) => [subject.name, subject.urlName]));
    const seen = { eve: "eve", author: "author", gone: null, "(no such user)": null };
    const reached = { Fens: "Fens", "Fens/levels": "Fens/levels", "Fen levels": app.slug };
    expect(await namesFor(await actorOf("root", now()))).toEqual({ ...seen, ...reached });
    expect(await namesFor(mia)).toEqual({ ...seen, Fens: null, "Fens/levels": null, "Fen levels": null });
    const reader = { ...mia, owner: new Set([...mia.owner, "workspace/Fens/levels:read"]) };
    expect(await namesFor(reader)).toMatchObject({ Fens: null, "Fens/levels": "Fens/levels", "Fen levels": null });
    const publisher = { ...mia, owner: new Set([...mia.owner, "repository/Fens:read", `app/${app.slug}:manage`]) };
    expect(await namesFor(publisher)).toMatchObject(reached);
    await removeWorkspace(await actorOf("ada", now()), { repository: "Fens", name: "levels" });
    expect(await namesFor(publisher)).toMatchObject({ Fens: "Fens", "Fens/levels": null });
  });

  test("is the same bytes with and without tokens and sessions of others", async () => {
    const ada = await actorOf("ada", now());
    await createRepository(ada, { name: "Ponds", description: "" });
    const before = JSON.stringify(await list({ limit: 100 }));
    const { token } = await makeToken(ada, { name: "a very telling name", allPermissions: true });
    await invent(1, {
      subjectType: "app",
      action: "app.issue-token",
      subjectName: "Gauges",
      after: { token: "secret" },
    });
    await actorOf("eve", now());
    expect(JSON.stringify(await list({ limit: 100 }))).toBe(before);
    const asToken = { ...ada, token: { id: token.id, kind: "api" as const, name: token.name } };
    await createRepository(asToken, { name: "Brooks", description: "" });
    const event = (await list()).items[0];
    expect(event).toMatchObject({ subject: { name: "Brooks" }, by: { userName: "ada", tokenName: null } });
    const exported = await textOf(eventsAsCsv(exportAuditEvents(mia, auditExport.parse({}))));
    expect(exported).not.toMatch(/telling|secret|issue-token|token\.|session\./);
  });

  test("comes in pages, each event once, however many events of tokens there are", async () => {
    await invent(60);
    await invent(60, { subjectType: "token", action: "token.create" });
    await invent(60);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: 50, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect([seen.length, new Set(seen).size]).toEqual([120, 120]);
    expect(seen.map(Number)).toEqual(seen.map(Number).toSorted((a, b) => b - a));
  });

  test.each([
    [{ actor: "Mia" }, ["by mia"]],
    [{ action: "role.edit" }, ["a role"]],
    [{ type: "role" }, ["a role"]],
    [{ subject: "LONG" }, ["long ago"]],
    [{ subject: "%" }, []],
    [{ to: "2020-01-01T00:00:00Z" }, ["long ago"]],
    [{ from: "2020-01-01T00:00:00Z", actor: "root" }, ["a role"]],
  ])("is narrowed by %j", async (filter, expected) => {
    await invent(1, { subjectName: "long ago", at: new Date("2019-05-05T00:00:00Z") });
    await invent(1, { subjectName: "by mia", actorName: "mia", actorId: ids.mia });
    await invent(1, { subjectName: "a role", subjectType: "role", action: "role.edit" });
    expect(await subjects(filter)).toEqual(expected);
  });

  test("requires `users:manage`", async () => {
    const ada = await actorOf("ada", now());
    await expect(list({}, ada)).rejects.toMatchObject({ code: "forbidden" });
    expect(() => exportAuditEvents(ada, auditExport.parse({}))).toThrow("users:manage");
  });
});

describe("the export", () => {
  test("is everything that matches, also beyond one part, as CSV and as JSON", async () => {
    await invent(1_100);
    await invent(1, { at: later(now(), -minutes(60)), subjectName: 'said "so", twice', after: { fullName: "Ä" } });
    const filter = auditExport.parse({});
    const records = parseCsv(await textOf(eventsAsCsv(exportAuditEvents(mia, filter))));
    const events = JSON.parse(await textOf(eventsAsJson(exportAuditEvents(mia, filter))));
    expect([records.length, events.length]).toEqual([1_102, 1_101]);
    expect(records[1]?.slice(2)).toEqual([
      "user.create",
      "root",
      null,
      null,
      null,
      "user",
      'said "so", twice',
      null,
      '{"fullName":"Ä"}',
    ]);
    expect(events[0]).toMatchObject({ id: records[1]?.[0], subject: { name: 'said "so", twice' } });
  });

  test("of no events is a header, and an empty array", async () => {
    const filter = auditExport.parse({ actor: "nobody" });
    expect(parseCsv(await textOf(eventsAsCsv(exportAuditEvents(mia, filter))))).toHaveLength(1);
    expect(JSON.parse(await textOf(eventsAsJson(exportAuditEvents(mia, filter))))).toEqual([]);
  });

  test.each([
    ["=1+1", `"'=1+1"`],
    ["+49 30", `"'+49 30"`],
    ["-2", `"'-2"`],
    ["@SUM(A1)", `"'@SUM(A1)"`],
    [" =1", `"' =1"`],
    ["\t=1", `"'\t=1"`],
    ["＝1", `"'＝1"`],
    ["\r\n", `"'\r\n"`],
    ["a=1", "a=1"],
    ['a "b"', '"a ""b"""'],
    ["a,b", '"a,b"'],
    ["", ""],
  ])("escapes %j so that no spreadsheet runs it", (text, expected) => {
    expect(cell(text)).toBe(expected);
  });
});
