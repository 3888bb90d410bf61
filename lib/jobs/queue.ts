import PgBoss from "pg-boss";
import { pool, type Tx } from "../db";
import { perProcess } from "../per-process";

/** The queue of jobs to run, kept in Postgres by pg-boss. An entry says only which job row to look at. */
const queue = "runs";

const boss = perProcess(
  "queue",
  () =>
    new PgBoss({
      db: { executeSql: (text, values) => pool().query(text, values) },
      schedule: false,
      retentionDays: 365,
    }),
);

/**
 * Makes the queue's tables (schema `pgboss`) where they are missing or old. Safe to call at every start, by all instances:
 * one does it at a time, since two that create the same table at once would both fail.
 */
export async function installQueue(): Promise<void> {
  const client = await pool().connect();
  try {
    await client.query("SELECT pg_advisory_lock(hashtext('tessera queue'))");
    await boss().start();
    await boss().createQueue(queue);
  } finally {
    await client.query("SELECT pg_advisory_unlock(hashtext('tessera queue'))").finally(() => client.release());
  }
}

export async function closeQueue(): Promise<void> {
  await boss().stop({ graceful: false });
  boss.clear();
}

/** Puts a job into the queue in the caller's transaction, and wakes every instance when that commits. */
export async function enqueue(tx: Tx, jobId: number): Promise<void> {
  await boss().send(queue, { jobId }, { db: asBossDb(tx) });
  await notify(tx, { job: jobId, status: "queued" });
}

/**
 * Takes the next entry out of the queue in the caller's transaction: if that does not commit, the entry is back.
 *
 * @returns the job's id, or null when nothing waits
 */
export async function dequeue(tx: Tx): Promise<number | null> {
  const [entry] = await boss().fetch<{ jobId: number }>(queue, { batchSize: 1, db: asBossDb(tx) });
  if (!entry) return null;
  await boss().deleteJob(queue, entry.id, { db: asBossDb(tx) });
  return entry.data.jobId;
}

/** Ids of the jobs that have waited for a minute without standing in the queue: whoever took the entry died with it. */
export async function orphanedJobs(tx: Tx): Promise<number[]> {
  const rows = await tx.$queryRaw<{ id: number }[]>`
    SELECT j.id FROM jobs j
    WHERE j.status = 'queued' AND j.submitted_at < now() - interval '1 minute' AND NOT EXISTS (
      SELECT FROM pgboss.job b WHERE b.name = ${queue} AND (b.data ->> 'jobId')::int = j.id
    )
    FOR UPDATE SKIP LOCKED`;
  return rows.map(({ id }) => id);
}

/** Postgres channel on which the instances tell each other what became of a job. */
export const jobChannel = "tessera_jobs";

export interface JobSignal {
  job: number;
  status: "queued" | "running" | "succeeded" | "failed" | "cancelled";
}

/** Heard by all instances when the transaction commits. */
export async function notify(tx: Tx, signal: JobSignal): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${jobChannel}, ${JSON.stringify(signal)})`;
}

const asBossDb = (tx: Tx): PgBoss.Db => ({
  executeSql: async (text, values) => ({ rows: await tx.$queryRawUnsafe<unknown[]>(text, ...values) }),
});
