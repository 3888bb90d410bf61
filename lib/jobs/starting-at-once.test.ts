import { rm } from "node:fs/promises";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { POST } from "@/app/api/v1/workspaces/[repository]/[name]/runs/route";
import { editApp } from "@/lib/apps/commands";
import { runApp } from "@/lib/apps/running";
import { db, pool } from "@/lib/db";
import { env } from "@/lib/env";
import type { Actor } from "@/lib/permissions/actor";
import { bulkChange } from "@/lib/tokens/bulk";
import { changeUser } from "@/lib/users/commands";
import { publishWorkspace, removeWorkspace } from "@/lib/workspaces/commands";
import { makeApp } from "@/testing/apps";
import { blockedBy } from "@/testing/blocked-by";
import { actorOf, introduceCast, type PersonName } from "@/testing/cast";
import { statementsOf } from "@/testing/count-statements";
import { makeDataFolder } from "@/testing/data-folder";
import { type Instance, startInstance } from "@/testing/instance";
import { makeToken } from "@/testing/tokens";
import { cancelJob, submitRun } from "./commands";
import { getJob } from "./queries";
import { closeQueue, installQueue } from "./queue";
import { offerSlots, Slots } from "./slots";
import { type ClaimedJob, claimJob } from "./transitions";
import { waitForJob } from "./wait";
import { startJobs } from "./worker";

vi.setConfig({ testTimeout: 120_000 });

const gauges = { repository: "Rivers", name: "gauge-levels" };
const forever = { repository: "Rivers", name: "forever" };
const never = new AbortController().signal;

const people: Partial<Record<PersonName, Actor>> = {};
let folder: string;
let ada: Actor;
let mia: Actor;

beforeAll(async () => {
  folder = await makeDataFolder();
  process.env.TESSERA_DATA_DIR = folder;
  await introduceCast(new Date());
  await installQueue();
  for (const name of ["ada", "olu", "root", "mia"] as const) people[name] = await actorOf(name, new Date());
  ada = people.ada as Actor;
  mia = people.mia as Actor;
  const source = "/*---\ntitle: Forever\noutput: json\n---*/\nSELECT count(*) AS n FROM range(1e13::BIGINT)\n";
  await publishWorkspace(ada, forever, source);
  await publishWorkspace(ada, { ...forever, name: "seconds" }, source.replace("1e13", "3e9"));
  ada = await actorOf("ada", new Date());
});
afterAll(async () => {
  await closeQueue();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await db.job.deleteMany();
  await db.$executeRaw`DELETE FROM pgboss.job`;
});

const submit = (who: Actor, path = gauges) => submitRun(who, path, { parameters: {} });
const entries = () => db.$queryRaw<unknown[]>`SELECT FROM pgboss.job`;
const runningIds = async () => {
  const jobs = await db.job.findMany({ where: { status: "running" }, select: { id: true }, orderBy: { id: "asc" } });
  return jobs.map(({ id }) => id);
};
const stateOf = (id: number) =>
  db.job.findUniqueOrThrow({ where: { id }, select: { status: true, attempts: true, reason: true, startedAt: true } });

describe("with two slots, whose jobs the test finishes,", () => {
  let started: ClaimedJob[];
  let frees: (() => void)[];
  let withdraw: () => void;

  beforeEach(() => {
    started = [];
    frees = [];
    const slots = new Slots(
      () => 2,
      (job, free) => {
        started.push(job);
        frees.push(free);
      },
    );
    withdraw = offerSlots({ lendSlot: (work) => slots.lend(work), wake: () => undefined });
  });
  afterEach(() => withdraw());

  const finishFirst = async () => {
    const job = started.shift();
    if (!job) return;
    await db.job.update({ where: { id: job.id }, data: { status: "succeeded", finishedAt: new Date() } });
    frees.shift()?.();
  };

  test("a run is running as soon as it is submitted, without an entry of the queue", async () => {
    const job = await submit(ada);
    expect(job).toMatchObject({ status: "running", startedAt: expect.any(String), can: { cancel: true } });
    expect(started).toMatchObject([{ id: job.id, attempt: 1, output: "json", parameters: { LEVEL: 100 } }]);
    const row = await db.job.findUniqueOrThrow({ where: { id: job.id } });
    expect(row).toMatchObject({ status: "running", attempts: 1, heartbeatAt: expect.any(Date) });
    expect(await entries()).toEqual([]);
    expect(await getJob(ada, job.id)).toEqual(job);
  });

  test("of many at once, two start at most and the others wait", async () => {
    const jobs = await Promise.all(Array.from({ length: 20 }, () => submit(ada)));
    expect(await runningIds()).toEqual(started.map(({ id }) => id).sort((a, b) => a - b));
    expect(jobs.filter(({ status }) => status === "running")).toHaveLength(started.length);
    // A submission without a slot may commit first. Then those with a slot wait too.
    expect(started.length).toBeLessThanOrEqual(2);
    expect(await entries()).toHaveLength(20 - started.length);
  });

  test("no run overtakes one that waits", async () => {
    const step = fc.constantFrom("ada", "olu", "root", "finish", "claim");
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        while (started.length > 0) await finishFirst();
        await db.job.deleteMany();
        await db.$executeRaw`DELETE FROM pgboss.job`;
        for (const each of steps) {
          const waiting = await db.job.count({ where: { status: "queued" } });
          if (each === "finish") await finishFirst();
          else if (each === "claim") {
            if (started.length === 2) continue;
            const claimed = await claimJob();
            expect(claimed === null).toBe(waiting === 0);
            if (claimed === null || claimed === "skipped") continue;
            await db.job.update({ where: { id: claimed.id }, data: { status: "succeeded", finishedAt: new Date() } });
          } else {
            const hasRoom = started.length < 2;
            const { status } = await submit(people[each as PersonName] ?? ada);
            expect(status).toBe(hasRoom && waiting === 0 ? "running" : "queued");
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  test("a refused run frees its slot", async () => {
    for (let run = 0; run < 3; run++) {
      await expect(submit(people.olu as Actor, forever)).rejects.toMatchObject({ code: "not-found" });
      await expect(submitRun(ada, gauges, { parameters: { LEVEL: "high" } })).rejects.toMatchObject({
        code: "invalid",
      });
    }
    const passing = { repository: "Rivers", name: "passing" };
    await publishWorkspace(ada, passing, "/*---\ntitle: Passing\noutput: json\n---*/\nSELECT 1 AS one\n");
    const who = await actorOf("ada", new Date());
    const gone = blockedBy([["DELETE FROM workspaces WHERE name = 'passing'"]], () => submit(who, passing));
    await expect(gone).rejects.toMatchObject({ code: "not-found" });
    expect([(await submit(ada)).status, (await submit(ada)).status]).toEqual(["running", "running"]);
  });

  test.each([
    [
      "token is disabled",
      "UPDATE tokens SET enabled = false WHERE id = $1",
      "token that submitted this job was disabled.",
    ],
    ["token is removed", "DELETE FROM tokens WHERE id = $1", "token that submitted this job was removed."],
    ["token expires", "UPDATE tokens SET expires_at = now() WHERE id = $1", "token that submitted this job expired."],
    [
      "token is narrowed",
      "WITH t AS (SELECT id FROM tokens WHERE id = $1 FOR UPDATE) DELETE FROM grants USING t WHERE token_id = t.id",
      "token that submitted this job lost the permission workspace/Rivers/gauge-levels:run.",
    ],
    [
      "owner is disabled",
      "UPDATE users SET enabled = false WHERE id = (SELECT owner_id FROM tokens WHERE id = $1)",
      "account that submitted this job is disabled.",
    ],
  ])("a run does not start when its %s while it is being submitted", async (_, change, reason) => {
    const { token, value } = await makeToken(ada, { permissions: ["workspace/Rivers/gauge-levels:run"] });
    const answer = await blockedBy([[change, token.id]], () => post(value, { Prefer: "respond-async" }));
    expect(await answer.json()).toMatchObject({ status: "cancelled", reason: `The ${reason}`, startedAt: null });
    expect(await db.job.findFirstOrThrow()).toMatchObject({ status: "cancelled", attempts: 0, startedAt: null });
    expect(started).toEqual([]);
    await db.user.updateMany({ data: { enabled: true } });
  });

  test("no run starts after the answer that its token, app or owner is disabled", async () => {
    const { app } = await makeApp(await actorOf("ada", new Date()), { name: "Switched gauges" });
    const who = await actorOf("ada", new Date());
    const flips = [
      (on: boolean) => bulkChange(who, { change: on ? "enable" : "disable", ids: [app.tokenId ?? ""] }),
      (on: boolean) => editApp(who, app.slug, { enabled: on }),
      (on: boolean) => changeUser(mia, "ada", { enabled: on }),
    ];
    for (let round = 0; round < 12; round++) {
      const flip = flips[round % flips.length];
      const [, before] = await Promise.all([
        runApp({ ip: null, agent: null }, app.slug, { parameters: {} }).catch(() => null),
        flip?.(false).then(() => db.job.count({ where: { status: "running" } })),
      ]);
      expect(await db.job.count({ where: { status: "running" } })).toBe(before);
      expect(started).toHaveLength(before ?? 0);
      await flip?.(true);
      await finishFirst();
      await db.job.deleteMany();
    }
  });

  test("the unfinished runs of an app are limited, also at once, and none is counted that was refused", async () => {
    const { app } = await makeApp(await actorOf("ada", new Date()), { name: "Limited gauges" });
    Object.assign(env(), { appRunsPerMinute: 1_000, appUnfinishedRuns: 3 });
    const visits = Array.from({ length: 12 }, () => runApp({ ip: null, agent: null }, app.slug, { parameters: {} }));
    const settled = await Promise.allSettled(visits);
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    expect(await db.app.findUniqueOrThrow({ where: { slug: app.slug } })).toMatchObject({ runs: 3 });
    expect(await runningIds()).toEqual(started.map(({ id }) => id).sort((a, b) => a - b));
    expect(started.length + (await entries()).length).toBe(3);
    expect(started.length).toBeLessThanOrEqual(2);
  });

  test("a run that starts while its workspace is removed starts before that or not at all", async () => {
    for (let round = 0; round < 6; round++) {
      const path = { repository: "Rivers", name: `removed-${round}` };
      await publishWorkspace(ada, path, "/*---\ntitle: Removed\noutput: json\n---*/\nSELECT 1 AS one\n");
      const who = await actorOf("ada", new Date());
      const { app } = await makeApp(who, { workspace: path.name, name: `Removed ${round}` });
      const owner = await actorOf("ada", new Date());
      const began = Date.now();
      await Promise.allSettled([
        submit(owner, path),
        runApp({ ip: null, agent: null }, app.slug, { parameters: {} }),
        removeWorkspace(owner, path),
      ]);
      // PostgreSQL looks for a deadlock after a second.
      expect(Date.now() - began).toBeLessThan(1_000);
      while (started.length > 0) await finishFirst();
    }
  });
});

/** Runs the workspace over REST. */
function post(value: string, headers: Record<string, string> = {}): Promise<Response> {
  const request = new Request("http://localhost:3000/api/v1/workspaces/Rivers/gauge-levels/runs", {
    method: "POST",
    headers: { Authorization: `Bearer ${value}`, "Content-Type": "application/json", ...headers },
    body: "{}",
  });
  return POST(request, { params: Promise.resolve(gauges) });
}

describe("with a server that runs jobs,", () => {
  let jobs: Awaited<ReturnType<typeof startJobs>>;
  let value: string;

  beforeAll(async () => {
    ({ value } = await makeToken(await actorOf("ada", new Date()), { allPermissions: true }));
    jobs = await startJobs();
  });
  afterAll(async () => {
    await jobs.stop();
    await installQueue();
  });

  test("a result is not answered before it is stored", async () => {
    const client = await pool().connect();
    await client.query("BEGIN; LOCK job_result_chunks");
    let isAnswered = false;
    const answer = post(value).finally(() => {
      isAnswered = true;
    });
    const waiting = "SELECT FROM pg_locks WHERE NOT granted AND relation = 'job_result_chunks'::regclass";
    await expect.poll(async () => (await pool().query(waiting)).rowCount, { timeout: 60_000 }).toBe(1);
    expect(isAnswered).toBe(false);
    await client.query("COMMIT");
    client.release();
    expect((await answer).status).toBe(200);
  });

  test("a result whose job was cancelled while it was being stored is not answered", async () => {
    const job = await submit(ada);
    const cancel = "UPDATE jobs SET status = 'cancelled', reason = 'Taken.', finished_at = now() WHERE id = $1";
    const awaited = await blockedBy(
      [["SELECT FROM jobs WHERE id = $1 FOR UPDATE", job.id]],
      () => waitForJob(ada, job, { timeoutMs: 60_000, signal: never }),
      [[cancel, job.id]],
    );
    expect(awaited).toMatchObject({ job: { status: "cancelled", reason: "Taken.", result: null }, content: null });
    expect(await db.jobResultChunk.count({ where: { jobId: job.id } })).toBe(0);
  });

  test("more runs than slots share them, and all succeed", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(value)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(await db.job.count({ where: { status: "succeeded", attempts: 1 } })).toBe(8);
  });

  test("a run that started at once is cancelled like any other", async () => {
    const job = await submit(ada, forever);
    expect(job.status).toBe("running");
    const waiting = waitForJob(ada, job, { timeoutMs: 60_000, signal: never });
    await cancelJob(ada, job.id);
    expect((await waiting).job).toMatchObject({ status: "cancelled", reason: "Cancelled by ada." });
  });
});

test("a run is answered with its result, which is stored, in few statements", async () => {
  const { value } = await makeToken(await actorOf("ada", new Date()), { allPermissions: true });
  // The statements of the maintenance would be counted.
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const jobs = await startJobs();
  await post(value);
  const counts: number[] = [];
  // A slow run is polled as well.
  for (let run = 0; run < 5; run++) {
    let body = "";
    const statements = await statementsOf(async () => {
      body = await (await post(value)).text();
    });
    counts.push(statements.filter((text) => !text.includes("FROM change_counter")).length);
    const { id } = await db.job.findFirstOrThrow({ orderBy: { id: "desc" } });
    const chunk = await db.jobResultChunk.findFirstOrThrow({ where: { jobId: id } });
    expect(Buffer.from(chunk.bytes).toString()).toBe(body);
    expect(await db.jobLogLine.count({ where: { jobId: id } })).toBe(2);
  }
  // The workspace; four that submit, with BEGIN and COMMIT; its text and files; and the end.
  expect(Math.min(...counts)).toBe(7);
  await jobs.stop();
  vi.useRealTimers();
  await installQueue();
});

test("a server that stops puts a run that started at once into the queue", async () => {
  const jobs = await startJobs();
  const { id, status } = await submit(ada, forever);
  expect(status).toBe("running");
  await jobs.stop();
  await installQueue();
  expect(await stateOf(id)).toMatchObject({ status: "queued", attempts: 0, startedAt: null });
  expect(await entries()).toHaveLength(1);
});

test("a run that started at once continues after its server is killed", async () => {
  const { value } = await makeToken(await actorOf("ada", new Date()), { allPermissions: true });
  const instance: Instance = await startInstance("killed", { program: "testing/job-server.ts" });
  const answer = await fetch(`${instance.origin}/api/v1/workspaces/Rivers/seconds/runs`, {
    method: "POST",
    headers: { Authorization: `Bearer ${value}`, "Content-Type": "application/json", Prefer: "respond-async" },
    body: "{}",
  });
  const job = await answer.json();
  expect(job.status).toBe("running");
  instance.signal("SIGKILL");
  await instance.stop();
  const jobs = await startJobs();
  await expect.poll(() => stateOf(job.id), { timeout: 90_000 }).toMatchObject({ status: "succeeded", attempts: 2 });
  await jobs.stop();
  await installQueue();
});
