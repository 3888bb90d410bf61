import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { days, later, minutes } from "@/lib/clock";
import { db } from "@/lib/db";
import { env } from "@/lib/env";
import { submitRun } from "@/lib/jobs/commands";
import { getJob, listJobs } from "@/lib/jobs/queries";
import { closeQueue, installQueue } from "@/lib/jobs/queue";
import { claimJob } from "@/lib/jobs/transitions";
import { startJobs } from "@/lib/jobs/worker";
import type { Actor } from "@/lib/permissions/actor";
import { editToken, removeToken } from "@/lib/tokens/commands";
import { getToken } from "@/lib/tokens/queries";
import { changeUser } from "@/lib/users/commands";
import { flushUsage } from "@/lib/verification/usage";
import { makeApp } from "@/testing/apps";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeDataFolder } from "@/testing/data-folder";
import { bearerOf, makeToken } from "@/testing/tokens";
import { editApp, removeApp } from "./commands";
import { issueAppToken } from "./issue-token";
import { getApp } from "./queries";
import { getAppRun, getAppRunResult, getFrameOrigins, getPublicApp, runApp, type Visitor } from "./running";

vi.setConfig({ testTimeout: 60_000 });

const now = new Date();
const visitor: Visitor = { ip: "203.0.113.9", agent: "Mozilla/5.0", now };
const gauges = { repository: "Rivers", name: "gauge-levels" };
const hiddenLevel = { name: "LEVEL", shown: false, default: 150 };

let folder: string;
let ada: Actor;
let mia: Actor;

beforeAll(async () => {
  folder = await makeDataFolder();
  process.env.TESSERA_DATA_DIR = folder;
  await introduceCast(now);
  await installQueue();
  [ada, mia] = [await actorOf("ada", now), await actorOf("mia", now)];
});
afterAll(async () => {
  await closeQueue();
  await rm(folder, { recursive: true });
});

const adaNow = () => actorOf("ada", now);

const startRun = async (slug: string, parameters = {}, who = visitor) => {
  const { run, key } = await runApp(who, slug, { parameters });
  return { run, key: key.reveal() };
};

const newestJob = () => db.job.findFirstOrThrow({ orderBy: { id: "desc" } });

const notAvailable = { code: "not-found", message: "This app is not available." };

/** Expects that every request of a visitor is refused. */
async function expectUnavailable(slug: string, key: string): Promise<void> {
  await expect(getPublicApp(visitor, slug)).rejects.toMatchObject(notAvailable);
  await expect(runApp(visitor, slug, { parameters: {} })).rejects.toMatchObject(notAvailable);
  await expect(getAppRun(visitor, slug, key)).rejects.toMatchObject(notAvailable);
  await expect(getAppRunResult(visitor, slug, key)).rejects.toMatchObject(notAvailable);
}

async function expectAvailable(slug: string, key: string): Promise<void> {
  expect(await getPublicApp(visitor, slug)).toMatchObject({ slug });
  expect(await getAppRun(visitor, slug, key)).toMatchObject({ status: "queued" });
}

describe("a visitor", () => {
  test("sees name, description, the shown parameters and their defaults, and nothing else", async () => {
    const parameters = [{ name: "LEVEL", shown: true, default: 150 }];
    const { app } = await makeApp(ada, { name: "Levels", description: "Of a river.", parameters });
    expect(await getPublicApp(visitor, app.slug)).toEqual({
      slug: app.slug,
      name: "Levels",
      description: "Of a river.",
      output: "json",
      parameters: [expect.objectContaining({ name: "LEVEL", label: "Level in cm", default: 150 })],
    });
    const hiding = await makeApp(ada, { parameters: [hiddenLevel], frameOrigins: ["https://www.example.org"] });
    expect((await getPublicApp(visitor, hiding.app.slug)).parameters).toEqual([]);
    expect(await getFrameOrigins(hiding.app.slug)).toEqual(["https://www.example.org"]);
    expect(await getFrameOrigins("never")).toEqual([]);
    await editApp(await adaNow(), hiding.app.slug, { enabled: false });
    expect(await getFrameOrigins(hiding.app.slug)).toEqual([]);
  });

  test("starts a job of the owner, which names the app and its token, but never the key", async () => {
    const { app } = await makeApp(ada, { name: "Levels here" });
    const { run, key } = await startRun(app.slug, { LEVEL: "140" });
    expect(run).toEqual({
      status: "queued",
      message: null,
      output: "json",
      result: null,
      submittedAt: now.toISOString(),
      startedAt: null,
      finishedAt: null,
    });
    const { id, parameters, tokenId, runKeyDigest } = await newestJob();
    expect({ parameters, tokenId }).toEqual({ parameters: { LEVEL: 140 }, tokenId: app.tokenId });
    expect(Buffer.from(runKeyDigest ?? []).toString("base64url")).not.toBe(key);
    expect(await getJob(ada, id)).toMatchObject({
      submittedBy: { user: "ada", token: { kind: "api", name: "Levels here" }, app: "Levels here" },
    });
    expect(await getApp(await adaNow(), app.slug)).toMatchObject({ runs: 1, lastRunAt: now.toISOString() });
    await flushUsage();
    expect((await getToken(ada, app.tokenId ?? "")).lastUsed).toEqual({
      at: now.toISOString(),
      address: visitor.ip,
      agent: visitor.agent,
    });
  });

  test("starts runs that the owner can list by app, and other users only with the permission", async () => {
    const [{ app }, other] = [await makeApp(ada), await makeApp(ada)];
    const runs: number[] = [];
    for (const slug of [app.slug, other.app.slug, app.slug, app.slug]) {
      await startRun(slug);
      if (slug === app.slug) runs.unshift((await newestJob()).id);
    }
    await submitRun(ada, gauges, { parameters: {} });
    const idsOf = async (list: Parameters<typeof listJobs>[1], who = ada) => {
      const { items, nextCursor } = await listJobs(who, list);
      return { ids: items.map(({ id }) => id), cursor: nextCursor ?? undefined };
    };
    const first = await idsOf({ app: app.slug, limit: 2 });
    expect(first.ids).toEqual(runs.slice(0, 2));
    expect((await idsOf({ app: app.slug, limit: 2, cursor: first.cursor })).ids).toEqual(runs.slice(2));
    expect((await idsOf({ app: app.slug, limit: 9 }, await actorOf("eve", now))).ids).toEqual([]);
    expect((await idsOf({ app: app.slug, limit: 9 }, await actorOf("root", now))).ids).toEqual(runs);
    expect((await idsOf({ app: "never", limit: 9 })).ids).toEqual([]);
  });

  test("cannot send a hidden or unknown parameter or a wrong value; no job is created", async () => {
    const { app } = await makeApp(ada, { parameters: [hiddenLevel] });
    await startRun(app.slug);
    const { id, parameters } = await newestJob();
    expect(parameters).toEqual({ LEVEL: 150 });
    for (const sent of [{ LEVEL: 0 }, { LEVEL: null }, { level: 0 }, { COLOUR: "red" }]) {
      const [name] = Object.keys(sent);
      await expect(startRun(app.slug, sent)).rejects.toMatchObject({ code: "invalid", field: `parameters.${name}` });
    }
    const open = await makeApp(ada);
    await expect(startRun(open.app.slug, { LEVEL: 2000 })).rejects.toMatchObject({ field: "parameters.LEVEL" });
    expect((await newestJob()).id).toBe(id);
  });

  test("cannot read another run, nor a run through another app", async () => {
    const [{ app }, other] = [await makeApp(ada), await makeApp(ada)];
    const { key } = await startRun(app.slug);
    const { key: others } = await startRun(other.app.slug);
    expect(await getAppRun(visitor, app.slug, key)).toMatchObject({ status: "queued" });
    for (const wrong of [others, `${key.slice(0, -1)}_`, "", String((await newestJob()).id)]) {
      await expect(getAppRun(visitor, app.slug, wrong)).rejects.toMatchObject(notAvailable);
      await expect(getAppRunResult(visitor, app.slug, wrong)).rejects.toMatchObject(notAvailable);
    }
    await expect(getAppRunResult(visitor, app.slug, key)).rejects.toMatchObject({ code: "conflict" });
  });

  test("is asked to try again after a failure, but only the owner sees the reason", async () => {
    const { app } = await makeApp(ada);
    const { key } = await startRun(app.slug);
    const { id } = await newestJob();
    const reason = "Table rivers.secret does not exist.";
    await db.job.update({ where: { id }, data: { status: "failed", reason, finishedAt: now } });
    expect(await getAppRun(visitor, app.slug, key)).toMatchObject({
      status: "failed",
      message: expect.stringMatching(/^This run failed\./),
    });
    const refusal = await getAppRunResult(visitor, app.slug, key).catch((error) => error);
    expect(refusal).toMatchObject({ code: "failed", headers: {}, extra: {} });
    expect(refusal.message).not.toContain("secret");
  });
});

describe("an app becomes unavailable and available again", () => {
  test("when it is disabled, or its token is disabled, expired, restricted or removed", async () => {
    const { app } = await makeApp(ada, { expiresAt: later(now, days(1)).toISOString() });
    const { slug } = app;
    const tokenId = app.tokenId ?? "";
    const { key } = await startRun(slug);
    const who = await adaNow();
    await expectAvailable(slug, key);

    await editApp(who, slug, { enabled: false });
    await expectUnavailable(slug, key);
    await editApp(who, slug, { enabled: true });
    await expectAvailable(slug, key);

    await editToken(ada, tokenId, { enabled: false });
    await expectUnavailable(slug, key);
    await editToken(ada, tokenId, { enabled: true });
    await expectAvailable(slug, key);

    await editToken(ada, tokenId, { permissions: ["jobs:access"] });
    await expectUnavailable(slug, key);
    expect((await getApp(who, slug)).faults).toEqual([{ fault: "token-not-permitted", cures: ["new-token"] }]);
    await editToken(ada, tokenId, { permissions: ["workspace/Rivers/gauge-levels:run"] });
    await expectAvailable(slug, key);

    await expect(getPublicApp({ ...visitor, now: later(now, days(1)) }, slug)).rejects.toMatchObject(notAvailable);
    await removeToken(ada, tokenId);
    await expectUnavailable(slug, key);
    await issueAppToken(who, slug, {});
    await expectAvailable(slug, key);
  });

  test("with its owner's account and its owner's permissions", async () => {
    const { app } = await makeApp(ada);
    const { key } = await startRun(app.slug);
    await changeUser(mia, "ada", { enabled: false });
    await expectUnavailable(app.slug, key);
    await changeUser(mia, "ada", { enabled: true });
    await expectAvailable(app.slug, key);

    const { id: ownerId } = await db.user.findUniqueOrThrow({ where: { userName: "eve" } });
    await db.repository.update({ where: { name: "Rivers" }, data: { ownerId } });
    await db.workspace.updateMany({ where: { name: "gauge-levels" }, data: { ownerId } });
    await expectUnavailable(app.slug, key);
    expect((await getApp(await adaNow(), app.slug)).faults).toEqual([{ fault: "owner-not-permitted", cures: [] }]);
    await db.repository.update({ where: { name: "Rivers" }, data: { ownerId: ada.userId } });
    await db.workspace.updateMany({ where: { name: "gauge-levels" }, data: { ownerId: ada.userId } });
    await expectAvailable(app.slug, key);
  });

  test("and its jobs that have not started are cancelled", async () => {
    while ((await claimJob(now)) !== null);
    const { app } = await makeApp(ada, { name: "Paused" });
    await startRun(app.slug);
    await editApp(await adaNow(), app.slug, { enabled: false });
    expect(await claimJob(now)).toBe("skipped");
    expect(await newestJob()).toMatchObject({ status: "cancelled", reason: "The app Paused was disabled." });
  });

  test("but not once it is removed; its owner keeps its jobs", async () => {
    const { app } = await makeApp(ada, { name: "Gone" });
    const { key } = await startRun(app.slug);
    await removeApp(await adaNow(), app.slug);
    await expectUnavailable(app.slug, key);
    const again = await makeApp(ada, { slug: app.slug, name: "Gone" });
    await expect(getAppRun(visitor, again.app.slug, key)).rejects.toMatchObject(notAvailable);
    const [job] = (await listJobs(ada, { limit: 1 })).items;
    expect(job?.submittedBy).toMatchObject({ app: "Gone" });
    expect((await listJobs(ada, { app: app.slug, limit: 1 })).items).toEqual([]);
  });
});

describe("the limit of unfinished runs", () => {
  test("accepts exactly that many of a burst from any IP addresses, and more as runs finish", async () => {
    const { app } = await makeApp(ada);
    const { id: appId } = await db.app.findUniqueOrThrow({ where: { slug: app.slug } });
    const max = env().appUnfinishedRuns;
    const burst = Array.from({ length: max + 10 }, (_, index) => {
      return startRun(app.slug, {}, { ...visitor, ip: `198.51.100.${index}` });
    });
    const settled = await Promise.allSettled(burst);
    const refused = settled.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    expect(refused).toHaveLength(10);
    for (const reason of refused) {
      expect(reason).toMatchObject({
        code: "too-many",
        message: "This app is busy. Try again in 10 seconds.",
        headers: { "Retry-After": "10" },
      });
    }
    expect(await db.job.count({ where: { appId } })).toBe(max);
    expect((await getApp(await adaNow(), app.slug)).runs).toBe(max);
    const { id } = await newestJob();
    await db.job.update({ where: { id }, data: { status: "failed", finishedAt: now } });
    await startRun(app.slug);
    await expect(startRun(app.slug)).rejects.toMatchObject({ code: "too-many" });
  });
});

describe("the limit of runs per IP address", () => {
  const max = () => env().appRunsPerMinute;
  beforeAll(() => {
    env().appUnfinishedRuns = 1_000;
  });

  test("accepts exactly that many of a burst, and says when to try again", async () => {
    const { app } = await makeApp(ada);
    const who = { ...visitor, ip: "198.51.100.77" };
    const burst = Array.from({ length: max() + 20 }, () => startRun(app.slug, {}, who));
    const settled = await Promise.allSettled(burst);
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(max());
    for (const each of settled) {
      if (each.status === "rejected") {
        expect(each.reason).toMatchObject({ code: "too-many", headers: { "Retry-After": "60" } });
      }
    }
    expect((await getApp(await adaNow(), app.slug)).runs).toBe(max());
    await expect(startRun(app.slug, {}, { ...who, now: later(now, minutes(1) - 1) })).rejects.toMatchObject({
      headers: { "Retry-After": "1" },
    });
    await startRun(app.slug, {}, { ...who, now: later(now, minutes(1)) });
  });

  test("counts per app and IP address; an IPv6 /64 network counts as one, and so do unknown addresses", async () => {
    const [{ app }, other] = [await makeApp(ada), await makeApp(ada)];
    const from = (ip: string | null) => ({ ...visitor, ip });
    for (let count = 0; count < max(); count++) await startRun(app.slug, {}, from("2001:db8::1"));
    await expect(startRun(app.slug, {}, from("2001:db8::ffff"))).rejects.toMatchObject({ code: "too-many" });
    await startRun(app.slug, {}, from("2001:db8:0:1::1"));
    await startRun(app.slug, {}, from(null));
    await startRun(other.app.slug, {}, from("2001:db8::1"));
  });
});

test("a run with the app's token does not count as a visitor's run", async () => {
  const { app, value } = await makeApp(ada, { parameters: [hiddenLevel] });
  const token = await bearerOf(value, now);
  const job = await submitRun(token, gauges, { parameters: { LEVEL: 10 } });
  expect(job).toMatchObject({ parameters: { LEVEL: 10 }, submittedBy: { app: null } });
  await expect(submitRun(token, { ...gauges, name: "flood-warnings" }, { parameters: {} })).rejects.toMatchObject({
    code: "not-found",
  });
  expect((await getApp(await adaNow(), app.slug)).runs).toBe(0);
});

test("another token of the owner does not give access to visitors' runs", async () => {
  const { app } = await makeApp(ada);
  await startRun(app.slug);
  const { id } = await newestJob();
  const { value } = await makeToken(ada, { permissions: ["workspace/Rivers/gauge-levels:run"] });
  await expect(getJob(await bearerOf(value, now), id)).rejects.toMatchObject({ code: "not-found" });
});

test("a visitor reads the rows of a run", async () => {
  const { app } = await makeApp(ada, { slug: "levels", parameters: [hiddenLevel] });
  await db.job.deleteMany();
  const { key } = await startRun(app.slug);
  const jobs = await startJobs();
  try {
    await vi.waitFor(async () => expect((await getAppRun(visitor, "levels", key)).status).toBe("succeeded"), {
      timeout: 50_000,
      interval: 100,
    });
    const { read, fileName, bytes } = await getAppRunResult(visitor, "levels", key);
    const parts: Uint8Array[] = [];
    for await (const chunk of read()) parts.push(chunk);
    expect(fileName).toBe("levels.json");
    expect(Buffer.concat(parts)).toHaveLength(bytes);
    expect(JSON.parse(Buffer.concat(parts).toString())).toEqual([{ day: "Wed", level: 210 }]);
  } finally {
    await jobs.stop();
  }
});
