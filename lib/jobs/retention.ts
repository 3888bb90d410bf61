import { db } from "../db";

/** How many jobs go at once: their results can be large. */
const batch = 100;

/**
 * Removes jobs that finished more than so many days ago by the database's clock, with their results and logs, the oldest first and a
 * hundred at most. Any number of instances may do it at once: each takes others.
 *
 * @returns how many are gone; less than a hundred when no more are left
 */
export function deleteOldJobs(days: number): Promise<number> {
  return db.$executeRaw`
    WITH old AS MATERIALIZED (
      SELECT id FROM jobs WHERE finished_at < now() - make_interval(days => ${days}::int)
      ORDER BY finished_at LIMIT ${batch} FOR UPDATE SKIP LOCKED
    )
    DELETE FROM jobs USING old WHERE jobs.id = old.id`;
}
