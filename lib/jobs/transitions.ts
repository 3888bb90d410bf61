import type { FileHandle } from "node:fs/promises";
import { db, inTransaction, type Tx } from "../db";
import { resultChunkBytes } from "./queries";
import { dequeue, enqueue, notify, orphanedJobs } from "./queue";
import { lockSubmitter, startRefusal } from "./submitter";

/** `attempt` tells this claim from those of instances that have lost the job. */
export interface ClaimedJob {
  id: number;
  attempt: number;
  repositoryId: string | null;
  workspaceId: string | null;
  parameters: unknown;
  output: string;
}

/** A job is started a second time when its server stopped during the first. */
const attemptsMax = 2;

/** Takes the next job from the queue and marks it as running, in one transaction. Returns null when the queue is empty,
 * and `"skipped"` when the entry was no job that may start: one whose token may no longer run it is cancelled.
 * Tests set `at`, the time at which the token is checked. */
export function claimJob(at?: Date): Promise<ClaimedJob | "skipped" | null> {
  return inTransaction(async (tx) => {
    const id = await dequeue(tx);
    if (id === null) return null;
    const job = await tx.job.findUnique({ where: { id, status: "queued" } });
    if (!job) return "skipped";
    await lockSubmitter(tx, job);
    // The time is read after the token is locked, so that it is later than anything that ended the token.
    const now = at ?? (await databaseTime(tx));
    const reason = await startRefusal(tx, job, now);
    if (reason !== null) {
      await tx.job.updateMany({
        where: { id, status: "queued" },
        data: { status: "cancelled", reason, finishedAt: now },
      });
      await notify(tx, { job: id, status: "cancelled" });
      return "skipped";
    }
    const attempt = job.attempts + 1;
    const { count } = await tx.job.updateMany({
      where: { id, status: "queued", attempts: job.attempts },
      data: { status: "running", startedAt: now, attempts: attempt },
    });
    if (count === 0) return "skipped";
    const { repositoryId, workspaceId, parameters, output } = job;
    const claimed = { id, attempt, repositoryId, workspaceId, parameters, output };
    await renewHeartbeat([claimed], tx);
    await notify(tx, { job: id, status: "running" });
    return claimed;
  });
}

/** Stores a job's result and status in one transaction, unless the job was cancelled or lost in the meantime. */
export async function succeed(job: ClaimedJob, result: FileHandle, size: { rows: number; bytes: number }, now: Date) {
  await db.$transaction(
    async (tx) => {
      const data = { resultRows: size.rows, resultBytes: size.bytes };
      if (!(await finish(tx, job, { status: "succeeded", ...data, finishedAt: now }))) return;
      await storeResult(tx, job.id, result, size.bytes);
    },
    { maxWait: 10_000, timeout: 600_000 },
  );
}

/** Marks a job as failed, unless it was cancelled or lost. The reason is a sentence for the job's owner. */
export async function fail(job: ClaimedJob, reason: string, now: Date): Promise<void> {
  await inTransaction((tx) => finish(tx, job, { status: "failed", reason, finishedAt: now }));
}

/** Puts a job that this instance does not finish back into the queue. It does not count as an attempt. */
export async function requeue(job: ClaimedJob): Promise<void> {
  await inTransaction(async (tx) => {
    const { count } = await tx.job.updateMany({
      where: whereClaimed(job),
      data: { status: "queued", startedAt: null, heartbeatAt: null, attempts: { decrement: 1 } },
    });
    if (count > 0) await enqueue(tx, job.id);
  });
}

/** Returns the ids of the jobs that this instance still holds; the others were cancelled or lost. */
export async function renewHeartbeat(jobs: readonly ClaimedJob[], tx: Tx = db): Promise<Set<number>> {
  const ids = jobs.map(({ id }) => id);
  const attempts = jobs.map(({ attempt }) => attempt);
  const rows = await tx.$queryRaw<{ id: number }[]>`
    UPDATE jobs SET heartbeat_at = now()
    FROM unnest(${ids}::int[], ${attempts}::int[]) AS claimed (id, attempt)
    WHERE jobs.id = claimed.id AND jobs.attempts = claimed.attempt AND jobs.status = 'running'
    RETURNING jobs.id`;
  return new Set(rows.map(({ id }) => id));
}

/** Queues a running job a second time when its old heartbeat shows that its server has stopped; after that, it fails.
 * Also queues jobs again whose queue entry was lost. */
export async function recoverJobs(silenceSeconds: number, now: Date): Promise<void> {
  await inTransaction(async (tx) => {
    const silent = await tx.$queryRaw<{ id: number; attempts: number }[]>`
      SELECT id, attempts FROM jobs
      WHERE status = 'running' AND heartbeat_at < now() - make_interval(secs => ${silenceSeconds}::float)
      FOR UPDATE SKIP LOCKED`;
    for (const { id, attempts } of silent) {
      if (attempts < attemptsMax) {
        await tx.job.update({ where: { id }, data: { status: "queued", startedAt: null, heartbeatAt: null } });
        await enqueue(tx, id);
      } else {
        const reason = "The servers that ran this job stopped twice, so it was not tried again.";
        await tx.job.update({ where: { id }, data: { status: "failed", reason, finishedAt: now } });
        await notify(tx, { job: id, status: "failed" });
      }
    }
    for (const id of await orphanedJobs(tx)) await enqueue(tx, id);
  });
}

/** `now()` would be the start of the transaction. */
async function databaseTime(tx: Tx): Promise<Date> {
  const [{ now }] = await tx.$queryRaw<[{ now: Date }]>`SELECT clock_timestamp() AS now`;
  return now;
}

const whereClaimed = ({ id, attempt }: ClaimedJob) => ({ id, status: "running" as const, attempts: attempt });

async function finish(
  tx: Tx,
  job: ClaimedJob,
  data: {
    status: "succeeded" | "failed";
    reason?: string;
    finishedAt: Date;
    resultRows?: number;
    resultBytes?: number;
  },
): Promise<boolean> {
  const { count } = await tx.job.updateMany({ where: whereClaimed(job), data });
  if (count > 0) await notify(tx, { job: job.id, status: data.status });
  return count > 0;
}

async function storeResult(tx: Tx, jobId: number, file: FileHandle, bytes: number): Promise<void> {
  for (let seq = 0, stored = 0; stored < bytes; seq++) {
    const chunk = new Uint8Array(Math.min(resultChunkBytes, bytes - stored));
    const { bytesRead } = await file.read(chunk);
    if (bytesRead < chunk.length) throw new Error("The result became shorter while it was stored.");
    await tx.jobResultChunk.create({ data: { jobId, seq, bytes: chunk } });
    stored += bytesRead;
  }
}
