import { db } from "../db";

const batchSize = 100;

/** Removes up to 100 jobs, the oldest first, that finished more than this many days ago by the database's clock.
 * Returns their number. Several instances may do it at once; each removes other jobs. */
export function deleteOldJobs(days: number): Promise<number> {
  return db.$executeRaw`
    WITH old AS MATERIALIZED (
      SELECT id FROM jobs WHERE finished_at < now() - make_interval(days => ${days}::int)
      ORDER BY finished_at LIMIT ${batchSize} FOR UPDATE SKIP LOCKED
    )
    DELETE FROM jobs USING old WHERE jobs.id = old.id`;
}

/** Removes the results of jobs that were removed, in batches, because results can be large. Several instances may do it
 * at once. */
export async function deleteRemovedResults(signal: AbortSignal): Promise<void> {
  const removed = await db.$queryRaw<{ id: number }[]>`
    SELECT DISTINCT job_id AS id FROM job_result_chunks c
    WHERE NOT EXISTS (SELECT FROM jobs WHERE jobs.id = c.job_id)`;
  for (const { id } of removed) while (!signal.aborted && (await deleteSomeOf(id)) > 0);
}

const deleteSomeOf = (jobId: number): Promise<number> =>
  db.$executeRaw`
    DELETE FROM job_result_chunks WHERE job_id = ${jobId} AND seq IN (
      SELECT seq FROM job_result_chunks WHERE job_id = ${jobId} LIMIT 20 FOR UPDATE SKIP LOCKED
    )`;
