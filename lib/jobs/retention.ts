import { db } from "../db";

/** Jobs are removed in small batches, since their results can be large. */
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
