import { randomUUID } from "node:crypto";
import type { PoolClient } from "pg";
import PgBoss from "pg-boss";
import { db, pool, type Tx } from "../db";
import { Prisma } from "../generated/prisma/client";
import { log } from "../log";
import { perProcess } from "../per-process";
import type { SubmittedJob } from "./submitter";

const queue = "runs";

const boss = perProcess("queue", () => {
  const made = new PgBoss({
    db: { executeSql: (text, values) => pool().query(text, values) },
    schedule: false,
    retentionDays: 365,
  });
  // Without a listener, an outage during its maintenance would be an uncaught error.
  made.on("error", (error) => log.error({ err: error }, "the queue of jobs could not be maintained"));
  return made;
});

/** Creates or updates the queue's tables (schema `pgboss`) at every start. The lock lets one instance do it at a time,
 * since two that create the same table at once would both fail. */
export async function installQueue(): Promise<void> {
  const client = await pool().connect();
  try {
    await client.query("SELECT pg_advisory_lock(hashtext('tessera queue'))");
    await createTables(client);
    await boss().start();
    await boss().createQueue(queue);
  } catch (error) {
    // After a start that failed, pg-boss would take another for done.
    boss.clear();
    throw error;
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
  await boss().send(queue, { jobId }, { id: entryIdOf(jobId), db: asBossDb(tx) });
  await notify(tx, { job: jobId, status: "queued" });
}

/** A job whose queue entry the caller's transaction has removed. */
export interface DequeuedJob extends SubmittedJob {
  id: number;
}

/** Removes the next entry in the caller's transaction. Returns its job, or null when no entry is free. It is the turn of
 * the owner with the fewest running jobs, of those the one whose last job started first; then the job that was submitted
 * first (decision 1803). Entries that others are removing are passed over. */
export async function dequeue(tx: Tx): Promise<DequeuedJob | null> {
  const [next = null] = await tx.$queryRaw<DequeuedJob[]>`
    WITH RECURSIVE owners AS (
      -- Reads one index entry for each owner with waiting jobs, however many jobs wait.
      (SELECT owner_id FROM jobs WHERE status = 'queued' ORDER BY owner_id LIMIT 1)
      UNION ALL
      SELECT (SELECT j.owner_id FROM jobs j WHERE j.status = 'queued' AND j.owner_id > o.owner_id ORDER BY j.owner_id LIMIT 1)
      FROM owners o WHERE o.owner_id IS NOT NULL
    ), turns AS (
      SELECT owner_id,
        (SELECT count(*) FROM jobs r WHERE r.owner_id = o.owner_id AND r.status = 'running') AS running,
        (SELECT max(started_at) FROM jobs s WHERE s.owner_id = o.owner_id AND s.started_at IS NOT NULL) AS last_start
      FROM owners o WHERE owner_id IS NOT NULL
      ORDER BY running, last_start NULLS FIRST, owner_id
    ), next AS (
      SELECT entry.*
      FROM turns CROSS JOIN LATERAL (
        SELECT b.id AS entry_id, j.id, j.owner_id, j.token_id, j.token_kind, j.app_id, j.app_name,
          j.repository_name, j.workspace_name
        FROM jobs j JOIN pgboss.job b ON b.name = ${queue} AND b.id = ${entryIdSql(Prisma.sql`j.id`)}
        WHERE j.owner_id = turns.owner_id AND j.status = 'queued'
        ORDER BY j.id LIMIT 1 FOR UPDATE OF b SKIP LOCKED
      ) AS entry
      ORDER BY running, last_start NULLS FIRST, turns.owner_id LIMIT 1
    ), removed AS (
      DELETE FROM pgboss.job b USING next WHERE b.name = ${queue} AND b.id = next.entry_id
    )
    SELECT id, owner_id AS "ownerId", token_id AS "tokenId", token_kind::text AS "tokenKind", app_id AS "appId",
      app_name AS "appName", repository_name AS "repositoryName", workspace_name AS "workspaceName"
    FROM next`;
  return next;
}

/** The id of a job's entry, by which the index of pg-boss finds it: a UUID with the job's number at its end. */
const entryIdSql = (jobId: Prisma.Sql) =>
  Prisma.sql`('00000000-0000-7000-8000-' || lpad(to_hex(${jobId}), 12, '0'))::uuid`;

const entryIdOf = (jobId: number) => `00000000-0000-7000-8000-${jobId.toString(16).padStart(12, "0")}`;

/** Locks the jobs that have been queued for a minute and have no queue entry, and returns their ids. */
export async function orphanedJobs(tx: Tx): Promise<number[]> {
  const rows = await tx.$queryRaw<{ id: number }[]>`
    SELECT j.id FROM jobs j
    WHERE j.status = 'queued' AND j.submitted_at < now() - interval '1 minute' AND NOT EXISTS (
      SELECT FROM pgboss.job b WHERE b.name = ${queue} AND b.id = ${entryIdSql(Prisma.sql`j.id`)}
    )
    FOR UPDATE SKIP LOCKED`;
  return rows.map(({ id }) => id);
}

/** Removes the entries whose job does not wait any more: it was cancelled, or removed with its owner. `dequeue` passes
 * them over. */
export async function removeStaleEntries(): Promise<void> {
  await db.$executeRaw`
    DELETE FROM pgboss.job b
    WHERE b.name = ${queue} AND b.created_on < now() - interval '1 minute' AND NOT EXISTS (
      SELECT FROM jobs j
      WHERE j.id = (b.data ->> 'jobId')::int AND j.status = 'queued' AND b.id = ${entryIdSql(Prisma.sql`j.id`)}
    )`;
}

export const jobChannel = "tessera_jobs";

export interface JobSignal {
  job: number;
  status: "queued" | "succeeded" | "failed" | "cancelled";
  /** The process that has already told its own listeners. */
  by?: string;
}

/** Names this process in its signals. */
export const processTag = perProcess("process tag", () => randomUUID());

export async function notify(tx: Tx, signal: JobSignal): Promise<void> {
  await tx.$executeRaw`SELECT ${notification(signal)}`;
}

/** Notifies all instances when the transaction commits, as an expression. */
export const notification = (signal: JobSignal) => Prisma.sql`pg_notify(${jobChannel}, ${JSON.stringify(signal)})`;

const asBossDb = (tx: Tx): PgBoss.Db => ({
  executeSql: async (text, values) => ({ rows: await tx.$queryRawUnsafe<unknown[]>(text, ...values) }),
});
