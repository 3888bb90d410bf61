import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { days, later } from "@/lib/clock";
import { db } from "@/lib/db";
import { env } from "@/lib/env";
import { Refusal } from "@/lib/errors";
import { closeQueue, installQueue } from "@/lib/jobs/queue";
import { claimJob } from "@/lib/jobs/transitions";
import type { Actor } from "@/lib/permissions/actor";
import { bulkChange } from "@/lib/tokens/bulk";
import { removeToken } from "@/lib/tokens/commands";
import { publishWorkspace, removeWorkspace } from "@/lib/workspaces/commands";
import { appInput, makeApp } from "@/testing/apps";
import { actorOf, introduceCast } from "@/testing/cast";
import { morning } from "@/testing/tokens";
import { bulkChangeApps } from "./bulk";
import { createApp, editApp, removeApp } from "./commands";
import { issueAppToken } from "./issue-token";
import { runApp } from "./running";
import { appChanges } from "./schema";

// 200 transactions take a second on a quiet machine and many on a busy one.
vi.setConfig({ testTimeout: 120_000 });

let ada: Actor;
const adaNow = () => actorOf("ada", morning);
const visitor = { ip: "203.0.113.9", agent: null, now: morning };

beforeAll(async () => {
  await introduceCast(morning);
  await installQueue();
  ada = await adaNow();
});
afterAll(closeQueue);

/** Runs all at the same time. @returns the results and the codes of the refusals; any other error fails the test */
async function runConcurrently<T>(work: readonly (() => Promise<T>)[]): Promise<{ done: T[]; refused: string[] }> {
  const settled = await Promise.allSettled(work.map((each) => each()));
  const done = settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const refused = settled.flatMap((each) => {
    if (each.status === "fulfilled") return [];
    if (!(each.reason instanceof Refusal)) throw each.reason;
    return [each.reason.code];
  });
  return { done, refused };
}

const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Array.from({ length: count }, (_, index) => () => work(index));

/** The workspaces of the apps with this slug, their tokens, and the number of audit events about their creation. */
async function readApps(slug: string) {
  const apps = await db.app.findMany({ where: { slug }, select: { id: true, workspaceName: true } });
  const tokens = await db.token.findMany({
    where: { app: { slug } },
    select: { grants: { select: { action: true, workspace: { select: { name: true } } } } },
  });
  const events = await db.auditEvent.count({ where: { action: "app.create", subjectId: apps[0]?.id ?? "" } });
  return { apps: apps.map(({ workspaceName }) => workspaceName), tokens, events };
}

const mayRun = (name: string) => ({ grants: [{ action: "run", workspace: { name } }] });

test("of 200 apps created with one slug at once, one is created, with one token for its workspace", async () => {
  const before = await db.token.count();
  const { done, refused } = await runConcurrently(
    times(200, (index) => {
      const workspace = index % 2 === 0 ? "gauge-levels" : "flood-warnings";
      return createApp(ada, appInput({ slug: "contested", name: `Contested ${index}`, workspace }));
    }),
  );
  expect(done).toHaveLength(1);
  expect(refused).toEqual(Array(199).fill("conflict"));
  const name = done[0]?.app.workspace ?? "";
  expect(await readApps("contested")).toEqual({ apps: [name], tokens: [mayRun(name)], events: 1 });
  expect(await db.token.count()).toBe(before + 1);
});

test("200 concurrent requests under one Idempotency-Key create one app and one token, and show one value", async () => {
  const input = appInput({ slug: "replayed" });
  const { done, refused } = await runConcurrently(times(200, () => createApp(ada, input, "wizard-200")));
  expect(refused).toEqual([]);
  expect(done.filter(({ value }) => value !== null)).toHaveLength(1);
  expect(new Set(done.map(({ app }) => app.tokenId)).size).toBe(1);
  expect(await readApps("replayed")).toEqual({ apps: ["gauge-levels"], tokens: [mayRun("gauge-levels")], events: 1 });
});

test("50 new tokens issued at once leave one, and 50 under one key issue one", async () => {
  const { app } = await makeApp(ada);
  const who = await adaNow();
  const unkeyed = await runConcurrently(times(50, () => issueAppToken(who, app.slug, {})));
  expect(unkeyed.refused).toEqual([]);
  expect((await readApps(app.slug)).tokens).toEqual([mayRun("gauge-levels")]);
  const keyed = await runConcurrently(times(50, () => issueAppToken(who, app.slug, {}, "issued-once")));
  expect(keyed.done.filter(({ value }) => value !== null)).toHaveLength(1);
  expect((await readApps(app.slug)).tokens).toHaveLength(1);
});

test("an app that is removed while it is run, changed and issued tokens leaves nothing behind", async () => {
  Object.assign(env(), { appRunsPerMinute: 1_000, appUnfinishedRuns: 1_000 });
  for (let round = 0; round < 10; round++) {
    const { app } = await makeApp(ada);
    const who = await adaNow();
    const { slug, tokenId } = app;
    const { done } = await runConcurrently<unknown>([
      ...times(10, () => runApp(visitor, slug, { parameters: {} })),
      ...times(3, (index) =>
        editApp(who, slug, { enabled: index % 2 === 0, expiresAt: later(morning, days(2 + index)) }),
      ),
      ...times(2, () => issueAppToken(who, slug, {})),
      () => bulkChange(who, { change: "disable", ids: [tokenId ?? ""] }),
      () => removeToken(who, tokenId ?? "").then(() => "removed"),
      () => bulkChangeApps(who, appChanges.parse({ change: "disable", slugs: [slug] })),
      () => removeApp(who, slug).then(() => "removed"),
      ...times(10, () => runApp(visitor, slug, { parameters: {} })),
    ]);
    expect(done).toContain("removed");
    expect(await readApps(slug)).toEqual({ apps: [], tokens: [], events: 0 });
    expect(await db.token.count({ where: { name: app.name } })).toBe(0);
    await expect(runApp(visitor, slug, { parameters: {} })).rejects.toMatchObject({ code: "not-found" });
  }
  // Runs that were accepted before the app was removed are cancelled before they start.
  while ((await claimJob(morning)) !== null);
  expect(await db.job.count({ where: { appName: { not: null }, status: { not: "cancelled" } } })).toBe(0);
});

test("an app created while its workspace is removed loses that workspace or is not created", async () => {
  const text = "/*---\ntitle: Trial\noutput: json\n---*/\nSELECT 1 AS one\n";
  for (let round = 0; round < 5; round++) {
    const path = { repository: "Rivers", name: `passing-${round}` };
    await publishWorkspace(ada, path, text);
    const who = await adaNow();
    const { done } = await runConcurrently<unknown>([
      ...times(5, (index) => createApp(who, appInput({ slug: `passing-${round}-${index}`, workspace: path.name }))),
      () => removeWorkspace(who, path).then(() => "removed"),
    ]);
    expect(done).toContain("removed");
    const apps = await db.app.findMany({
      where: { slug: { startsWith: `passing-${round}-` } },
      select: { workspaceId: true, token: { select: { grants: true } } },
    });
    expect(apps).toHaveLength(done.length - 1);
    for (const app of apps) expect(app).toEqual({ workspaceId: null, token: { grants: [] } });
  }
});
