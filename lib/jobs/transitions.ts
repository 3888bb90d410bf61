import { open } from "node:fs/promises";
import { db, inTransaction, type Tx } from "../db";
import { dequeue, enqueue, notify, orphanedJobs } from "./queue";
import { lockSubmitter, startRefusal } from "./submitter";

/** A job in the hands of this instance. `attempt` tells its hold from that of an instance that lost it. */
export interface ClaimedJob {
  id: number;
  attempt: number;
  repositoryId: string | null;
  workspaceId: string | null;
  parameters: unknown;
  output: string;
}

/** How often a job may be begun: once more when its server stopped under it. */
const attemptsMax = 2;

const chunkBytes = 1_048_576;

/**
 * Takes the next job that may start: out of the queue and into `running` in one transaction. Jobs whose token may not any
 * more are cancelled on the way.
 *
 * @param at the moment at which the token is judged: now, by the database's clock, by which tokens also end. Tests move it.
 * @returns the job; `"skipped"` when the entry led to nothing to run; null when nothing waits
 */
export function claimJob(at?: Date): Promise<ClaimedJob | "skipped" | null> {
  return inTransaction(async (tx) => {
    const id = await dequeue(tx);
    if (id === null) return null;
    const job = await tx.job.findUnique({ where: { id, status: "queued" } });
    if (!job) return "skipped";
    await lockSubmitter(tx, job);
    // Read once the token is held: whatever ended it did so before this moment.
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

/** The job is done: result and status together, unless it was cancelled or lost in the meantime. */
export async function succeed(job: ClaimedJob, result: string, outcome: { rows: number; bytes: number }, now: Date) {
  await db.$transaction(
    async (tx) => {
      const data = { resultRows: outcome.rows, resultBytes: outcome.bytes };
      if (!(await finish(tx, job, { status: "succeeded", ...data, finishedAt: now }))) return;
      await storeResult(tx, job.id, result);
    },
    { maxWait: 10_000, timeout: 600_000 },
  );
}

/** @param reason a sentence for the job's owner */
export async function fail(job: ClaimedJob, reason: string, now: Date): Promise<void> {
  await inTransaction((tx) => finish(tx, job, { status: "failed", reason, finishedAt: now }));
}

/** Puts a job back that this instance will not end: it begins anew, here or elsewhere. */
export async function requeue(job: ClaimedJob): Promise<void> {
  await inTransaction(async (tx) => {
    const { count } = await tx.job.updateMany({
      where: whereClaimed(job),
      data: { status: "queued", startedAt: null, heartbeatAt: null, attempts: { decrement: 1 } },
    });
    if (count > 0) await enqueue(tx, job.id);
  });
}

/** Says that these jobs are alive, by the database's clock. @returns the ids of those still held; the others were cancelled or given away. */
export async function renewHeartbeat(jobs: readonly ClaimedJob[], tx: Tx = db): Promise<Set<number>> {
  const ids = jobs.map(({ id }) => id);
  const attempts = jobs.map(({ attempt }) => attempt);
  const rows = await tx.$queryRaw<{ id: number }[]>`
    UPDATE jobs SET heartbeat_at = now()
    FROM unnest(${ids}::int[], ${attempts}::int[]) AS held (id, attempt)
    WHERE jobs.id = held.id AND jobs.attempts = held.attempt AND jobs.status = 'running'
    RETURNING jobs.id`;
  return new Set(rows.map(({ id }) => id));
}

/**
 * Finds jobs whose server stopped, on any instance, by the database's clock: begins them anew once, then fails them with a
 * reason. Also puts jobs back into the queue that fell out of it.
 */
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
        const reason = "The server that ran this job stopped, and so did the next.";
        await tx.job.update({ where: { id }, data: { status: "failed", reason, finishedAt: now } });
        await notify(tx, { job: id, status: "failed" });
      }
    }
    for (const id of await orphanedJobs(tx)) await enqueue(tx, id);
  });
}

/** The database's time at this moment, not when the transaction began. */
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

async function storeResult(tx: Tx, jobId: number, path: string): Promise<void> {
  const file = await open(path);
  try {
    for (let seq = 0; ; seq++) {
      const { bytesRead, buffer } = await file.read({ buffer: new Uint8Array(chunkBytes) });
      if (bytesRead === 0) return;
      await tx.jobResultChunk.create({ data: { jobId, seq, bytes: buffer.subarray(0, bytesRead) } });
    }
  } finally {
    await file.close();
  }
}
