import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { runApp } from "@/lib/apps/running";
import { db } from "@/lib/db";
import { env } from "@/lib/env";
import type { Actor } from "@/lib/permissions/actor";
import { makeApp } from "@/testing/apps";
import { actorOf, introduceCast } from "@/testing/cast";
import { cancelJob, submitRun } from "./commands";
import { closeQueue, dequeue, installQueue, removeStaleEntries } from "./queue";
import { type ClaimedJob, claimJob } from "./transitions";

vi.setConfig({ testTimeout: 120_000 });

const gauges = { repository: "Rivers", name: "gauge-levels" };
const settings = env();
const { ownerWaitingJobs } = settings;

let root: Actor;
let ada: Actor;
let olu: Actor;

beforeAll(async () => {
  await introduceCast(new Date());
  await installQueue();
  [root, ada, olu] = [
    await actorOf("root", new Date()),
    await actorOf("ada", new Date()),
    await actorOf("olu", new Date()),
  ];
});
afterAll(closeQueue);
beforeEach(async () => {
  settings.ownerWaitingJobs = ownerWaitingJobs;
  await db.job.deleteMany();
  await db.$executeRaw`DELETE FROM pgboss.job`;
});

const submit = (who: Actor) => submitRun(who, gauges, { parameters: {} });
const submitMany = (who: Actor, count: number) => Promise.all(Array.from({ length: count }, () => submit(who)));
const finish = ({ id }: ClaimedJob) =>
  db.job.update({ where: { id }, data: { status: "succeeded", finishedAt: new Date() } });

async function claim(): Promise<ClaimedJob> {
  const claimed = await claimJob();
  if (claimed === null || claimed === "skipped") throw new Error("There is no job to claim.");
  return claimed;
}

const ownerOf = async ({ id }: { id: number }) =>
  (await db.job.findUniqueOrThrow({ where: { id }, select: { ownerId: true } })).ownerId;

describe("owners take turns", () => {
  test("with 40 jobs of one owner waiting, another's job gets the next free slot", async () => {
    await submitMany(ada, 40);
    const running = [await claim(), await claim()];
    const job = await submit(olu);
    await finish(running[0] as ClaimedJob);
    expect(await claim()).toMatchObject({ id: job.id });
    await finish(running[1] as ClaimedJob);
    expect(await ownerOf(await claim())).toBe(ada.userId);
  });

  test("one after the other in one slot, each with the oldest job first", async () => {
    const jobs = { ada: await submitMany(ada, 3), olu: await submitMany(olu, 2), root: [await submit(root)] };
    const started: number[] = [];
    for (let turn = 0; turn < 6; turn++) {
      const claimed = await claim();
      started.push(claimed.id);
      await finish(claimed);
    }
    expect(await claimJob()).toBeNull();
    const owners = await Promise.all(started.map((id) => ownerOf({ id })));
    expect(new Set(owners.slice(0, 3)).size).toBe(3);
    expect(new Set(owners.slice(3, 5))).toEqual(new Set([ada.userId, olu.userId]));
    expect(owners[5]).toBe(ada.userId);
    for (const ofOne of Object.values(jobs)) {
      const ids = ofOne.map(({ id }) => id).sort((a, b) => a - b);
      expect(started.filter((id) => ids.includes(id))).toEqual(ids);
    }
  });

  test("whatever is submitted and finished in between", async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom("ada", "olu", "root") },
      { weight: 3, arbitrary: fc.constant("claim") },
      { weight: 2, arbitrary: fc.constant("finish") },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        await db.job.deleteMany();
        await db.$executeRaw`DELETE FROM pgboss.job`;
        const running: ClaimedJob[] = [];
        for (const each of steps) {
          if (each === "finish") {
            const first = running.shift();
            if (first) await finish(first);
          } else if (each === "claim") {
            const before = await db.job.findMany({ orderBy: { id: "asc" } });
            const claimed = await claimJob();
            const waiting = before.filter(({ status }) => status === "queued");
            if (claimed === null || claimed === "skipped") {
              expect(waiting).toEqual([]);
              continue;
            }
            running.push(claimed);
            const runningOf = (ownerId: string) =>
              before.filter((job) => job.ownerId === ownerId && job.status === "running").length;
            const ownerId = waiting.find(({ id }) => id === claimed.id)?.ownerId ?? "";
            expect(claimed.id).toBe(waiting.find((job) => job.ownerId === ownerId)?.id);
            expect(runningOf(ownerId)).toBe(Math.min(...waiting.map((job) => runningOf(job.ownerId))));
          } else await submit({ ada, olu, root }[each] ?? ada);
        }
      }),
      { numRuns: 15 },
    );
  });

  test("and many claims at once take each job once", async () => {
    const jobs = [...(await submitMany(ada, 20)), ...(await submitMany(olu, 20))];
    const claims = await Promise.all(Array.from({ length: 40 }, () => claim()));
    expect(new Set(claims.map(({ id }) => id))).toEqual(new Set(jobs.map(({ id }) => id)));
  });

  test("without reading the jobs that wait or have finished", async () => {
    await db.$executeRaw`
      INSERT INTO jobs (owner_id, repository_name, workspace_name, token_id, token_name, token_kind, status, parameters, output,
        submitted_at, started_at)
      SELECT ${ada.userId}::uuid, 'Rivers', 'gauge-levels', ${ada.token.id}::uuid, 'x', 'session', 'succeeded', '{}', 'json',
        now(), now() - make_interval(secs => n)
      FROM generate_series(1, 20000) AS n`;
    // Old versions of rows and plans made for few rows would be counted, too.
    await db.$executeRaw`VACUUM ANALYZE jobs`;
    const { id } = await submit(olu);
    const rows = await db.$transaction(async (tx) => {
      await tx.$executeRaw`DISCARD PLANS`;
      // The counter can include what this connection read in the second before.
      const countRead = async () => {
        const [row] = await tx.$queryRaw<[{ read: number }]>`
          SELECT (seq_tup_read + idx_tup_fetch)::int AS read FROM pg_stat_xact_user_tables WHERE relname = 'jobs'`;
        return row.read;
      };
      const before = await countRead();
      expect(await dequeue(tx)).toMatchObject({ id });
      return (await countRead()) - before;
    });
    expect(rows).toBeLessThan(50);
  });
});

describe("the jobs of one owner that wait", () => {
  test("are limited, also at once, and free again once one has started", async () => {
    settings.ownerWaitingJobs = 3;
    const settled = await Promise.allSettled(Array.from({ length: 20 }, () => submit(ada)));
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    await expect(submit(ada)).rejects.toMatchObject({
      code: "too-many",
      message: expect.stringContaining("3 jobs waiting"),
      headers: { "Retry-After": "10" },
    });
    await expect(submit(olu)).resolves.toBeDefined();
    await claim();
    await claim();
    await expect(submit(ada)).resolves.toBeDefined();
  });

  test("count those of their apps, whose visitors learn that the app is busy", async () => {
    const { app } = await makeApp(ada);
    settings.ownerWaitingJobs = 1;
    const visit = () => runApp({ ip: null, agent: null }, app.slug, { parameters: {} });
    await visit();
    await expect(visit()).rejects.toMatchObject({
      code: "too-many",
      message: expect.stringMatching(/^This app is busy/),
    });
    await expect(submit(ada)).rejects.toMatchObject({ code: "too-many" });
    expect(await db.app.findUniqueOrThrow({ where: { slug: app.slug } })).toMatchObject({ runs: 1 });
  });
});

test("the entry of a job that was cancelled, or removed with its owner, does not stay in the queue", async () => {
  const [cancelled, removed, waiting] = [await submit(ada), await submit(ada), await submit(ada)];
  await cancelJob(ada, cancelled.id);
  await db.job.delete({ where: { id: removed.id } });
  await db.$executeRaw`UPDATE pgboss.job SET created_on = now() - interval '2 minutes'`;
  await removeStaleEntries();
  const entries = await db.$queryRaw<{ id: number }[]>`SELECT (data ->> 'jobId')::int AS id FROM pgboss.job`;
  expect(entries).toEqual([{ id: waiting.id }]);
  expect(await claim()).toMatchObject({ id: waiting.id });
});
