import { db, inTransaction, runIn, type Tx } from "../db";
import { Prisma } from "../generated/prisma/client";
import { type DequeuedJob, dequeue, enqueue, notify, orphanedJobs } from "./queue";
import { lockSubmitter, type StartFacts, startFacts, startRefusal } from "./submitter";

/** `attempt` tells this claim from those of instances that have lost the job. */
export interface ClaimedJob {
  id: number;
  attempt: number;
  repositoryId: string | null;
  workspaceId: string | null;
  parameters: unknown;
  output: string;
  startedAt: Date;
}

/** A job is started a second time when its server stopped during the first. */
const attemptsMax = 2;

/** Takes the next job from the queue and marks it as running, in one transaction. Returns null when the queue is empty,
 * and `"skipped"` when the entry was no job that may start: one whose token may no longer run it is cancelled.
 * Tests set `at`, the time at which the token is checked. */
export function claimJob(at?: Date): Promise<ClaimedJob | "skipped" | null> {
  return inTransaction(async (tx) => {
    const job = await dequeue(tx);
    if (job === null) return null;
    await lockSubmitter(tx, job);
    const started = await startQueued(tx, job, at);
    if (!started) return "skipped";
    const { facts, ...claimed } = started;
    const reason = startRefusal(job, facts);
    if (reason === null) return claimed;
    await cancelStart(tx, claimed, reason);
    return "skipped";
  });
}

/** The time is read after the token is locked, so that it is later than anything that ended the token. `now()` would be
 * the start of the transaction. */
async function startQueued(
  tx: Tx,
  job: DequeuedJob,
  at?: Date,
): Promise<(ClaimedJob & { facts: StartFacts }) | undefined> {
  const time = at ? Prisma.sql`${at}::timestamptz` : Prisma.sql`clock_timestamp()`;
  const [started] = await runIn(tx)<ClaimedJob & { facts: StartFacts }>(Prisma.sql`
    UPDATE jobs SET status = 'running', started_at = ${time}, attempts = attempts + 1, heartbeat_at = now()
    WHERE id = ${job.id} AND status = 'queued'
    RETURNING id, attempts AS attempt, repository_id AS "repositoryId", workspace_id AS "workspaceId", parameters, output,
      started_at AS "startedAt", ${startFacts(job, Prisma.sql`started_at`)} AS facts`);
  return started;
}

/** Cancels a job in the transaction that started it. */
export async function cancelStart(tx: Tx, { id, attempt, startedAt }: ClaimedJob, reason: string): Promise<void> {
  await tx.job.updateMany({
    where: whereClaimed({ id, attempt }),
    data: {
      status: "cancelled",
      reason,
      finishedAt: startedAt,
      startedAt: null,
      heartbeatAt: null,
      attempts: { decrement: 1 },
    },
  });
  await notify(tx, { job: id, status: "cancelled" });
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
export async function renewHeartbeat(jobs: readonly ClaimedJob[]): Promise<Set<number>> {
  const ids = jobs.map(({ id }) => id);
  const attempts = jobs.map(({ attempt }) => attempt);
  const rows = await db.$queryRaw<{ id: number }[]>`
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

const whereClaimed = ({ id, attempt }: Pick<ClaimedJob, "id" | "attempt">) => ({
  id,
  status: "running" as const,
  attempts: attempt,
});
