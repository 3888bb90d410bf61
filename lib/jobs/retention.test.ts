import { afterAll, beforeAll, expect, test } from "vitest";
import { db, pool } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { removeUser } from "@/lib/users/removal";
import { actorOf, introduceCast } from "@/testing/cast";
import { submitRun } from "./commands";
import { getJob } from "./queries";
import { closeQueue, installQueue } from "./queue";
import { deleteOldJobs, deleteRemovedResults } from "./retention";

let ada: Actor;

beforeAll(async () => {
  await introduceCast(new Date());
  await installQueue();
  ada = await actorOf("ada", new Date());
});
afterAll(closeQueue);

const never = new AbortController().signal;

/** Creates a job with a result and a log that was submitted, and by default finished, this many days ago. */
async function makeJob(daysAgo: number, status: "succeeded" | "running" = "succeeded"): Promise<number> {
  const { id } = await submitRun(ada, { repository: "Rivers", name: "gauge-levels" }, { parameters: {} });
  const at = new Date(Date.now() - daysAgo * 86_400_000);
  const finishedAt = status === "succeeded" ? at : null;
  await db.job.update({ where: { id }, data: { status, submittedAt: at, finishedAt, resultRows: 0, resultBytes: 2 } });
  await db.jobResultChunk.create({ data: { jobId: id, seq: 0, bytes: Buffer.from("[]") } });
  await db.jobLogLine.create({ data: { jobId: id, seq: 0, at, level: "info", text: "Started." } });
  return id;
}

test("a finished job is removed after the given days with its result and log; an unfinished one is kept", async () => {
  const [old, recent, running] = [await makeJob(31), await makeJob(29), await makeJob(400, "running")];
  expect(await deleteOldJobs(30)).toBe(1);
  expect(await deleteOldJobs(30)).toBe(0);
  await expect(getJob(ada, old)).rejects.toMatchObject({ code: "not-found" });
  expect((await getJob(ada, recent)).status).toBe("succeeded");
  expect((await getJob(ada, running)).status).toBe("running");
  await deleteRemovedResults(never);
  const kept = [recent, running];
  expect(await db.jobResultChunk.count({ where: { jobId: { notIn: kept } } })).toBe(0);
  expect(await db.jobLogLine.count({ where: { jobId: { notIn: kept } } })).toBe(0);
});

test("several instances at once remove each job once, a hundred at a time", async () => {
  const template = await db.job.findFirstOrThrow();
  const { id: _, runKeyDigest: __, parameters: ___, submittedDay: ____, ...data } = template;
  const finishedAt = new Date(0);
  const jobs = Array.from({ length: 250 }, () => ({ ...data, parameters: {}, status: "failed" as const, finishedAt }));
  await db.job.createMany({ data: jobs });
  const removed: number[] = [];
  const instance = async () => {
    for (;;) {
      const count = await deleteOldJobs(30);
      if (count === 0) return;
      removed.push(count);
    }
  };
  await Promise.all([instance(), instance(), instance()]);
  expect(Math.max(...removed)).toBe(100);
  expect(removed.reduce((sum, count) => sum + count, 0)).toBe(250);
  expect(await db.job.count({ where: { finishedAt } })).toBe(0);
});

test("jobs and their owners are removed without touching the bytes of results, which several instances remove afterwards", async () => {
  const [old, ofEve] = [await makeJob(31), await makeJob(1)];
  const eve = await db.user.findUniqueOrThrow({ where: { userName: "eve" } });
  await db.job.update({ where: { id: ofEve }, data: { ownerId: eve.id } });
  const chunks = Array.from({ length: 50 }, (_, index) => ({ seq: index + 1, bytes: Buffer.from("[]") }));
  for (const jobId of [old, ofEve]) {
    await db.jobResultChunk.createMany({ data: chunks.map((chunk) => ({ jobId, ...chunk })) });
  }
  const where = { jobId: { in: [old, ofEve] } };
  // Removing a locked chunk would wait, as removing many bytes would.
  const reader = await pool().connect();
  try {
    await reader.query("BEGIN");
    await reader.query("SELECT FROM job_result_chunks WHERE seq = 0 FOR UPDATE");
    expect(await deleteOldJobs(30)).toBe(1);
    await removeUser(await actorOf("mia", new Date()), "eve", {});
    expect(await db.jobResultChunk.count({ where })).toBe(102);
    await Promise.all([deleteRemovedResults(never), deleteRemovedResults(never)]);
    expect(await db.jobResultChunk.count({ where })).toBe(2);
  } finally {
    await reader.query("COMMIT");
    reader.release();
  }
  await deleteRemovedResults(never);
  expect(await db.jobResultChunk.count({ where })).toBe(0);
});
