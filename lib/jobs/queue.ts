import type { PoolClient } from "pg";
import PgBoss from "pg-boss";
import { pool, type Tx } from "../db";
import { perProcess } from "../per-process";

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
 * Creates or updates the queue's tables (schema `pgboss`). All instances call it at every start. The lock lets one do
 * it at a time, since two that create the same table at once would both fail.
 */
export async function installQueue(): Promise<void> {
  const client = await pool().connect();
  try {
    await client.query("SELECT pg_advisory_lock(hashtext('tessera queue'))");
    await createTables(client);
    await boss().start();
    await boss().createQueue(queue);
  } finally {
    await client.query("SELECT pg_advisory_unlock(hashtext('tessera queue'))").finally(() => client.release());
  }
}

/** pg-boss creates its schema with its tables, which a role may not, even if the schema exists. */
async function createTables(client: PoolClient): Promise<void> {
  const { rows } = await client.query(
    "SELECT to_regnamespace('pgboss') IS NOT NULL AND to_regclass('pgboss.version') IS NULL AS \"isEmpty\"",
  );
  if (!rows[0].isEmpty) return;
  await client.query(PgBoss.getConstructionPlans("pgboss").replace(/CREATE SCHEMA IF NOT EXISTS pgboss\s*;/, ""));
}

export async function closeQueue(): Promise<void> {
  await boss().stop({ graceful: false });
  boss.clear();
}

/** Adds a job to the queue in the caller's transaction, and notifies all instances when it commits. */
export async function enqueue(tx: Tx, jobId: number): Promise<void> {
  await boss().send(queue, { jobId }, { db: asBossDb(tx) });
  await notify(tx, { job: jobId, status: "queued" });
}

/**
 * Removes the next entry from the queue in the caller's transaction.
 *
 * @returns the job's id; null when the queue is empty
 */
export async function dequeue(tx: Tx): Promise<number | null> {
  const [entry] = await boss().fetch<{ jobId: number }>(queue, { batchSize: 1, db: asBossDb(tx) });
  if (!entry) return null;
  await boss().deleteJob(queue, entry.id, { db: asBossDb(tx) });
  return entry.data.jobId;
}

/** Locks the jobs that have been queued for a minute and have no queue entry. @returns their ids */
export async function orphanedJobs(tx: Tx): Promise<number[]> {
  const rows = await tx.$queryRaw<{ id: number }[]>`
    SELECT j.id FROM jobs j
    WHERE j.status = 'queued' AND j.submitted_at < now() - interval '1 minute' AND NOT EXISTS (
      SELECT FROM pgboss.job b WHERE b.name = ${queue} AND (b.data ->> 'jobId')::int = j.id
    )
    FOR UPDATE SKIP LOCKED`;
  return rows.map(({ id }) => id);
}

/** The PostgreSQL channel on which instances notify each other of changes of a job's status. */
export const jobChannel = "tessera_jobs";

export interface JobSignal {
  job: number;
  status: "queued" | "running" | "succeeded" | "failed" | "cancelled";
}

export async function notify(tx: Tx, signal: JobSignal): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${jobChannel}, ${JSON.stringify(signal)})`;
}

const asBossDb = (tx: Tx): PgBoss.Db => ({
  executeSql: async (text, values) => ({ rows: await tx.$queryRawUnsafe<unknown[]>(text, ...values) }),
});
