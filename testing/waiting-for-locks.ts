import { setTimeout as wait } from "node:timers/promises";
import { pool } from "@/lib/db";

type Statement = readonly [text: string, ...values: unknown[]];

/**
 * Does something that has to wait for a transaction of somebody else, which is in the middle of something and then commits.
 *
 * @param before what that transaction does first.
 * @param after what it does once it is waited for.
 */
export async function blockedBy<T>(
  before: readonly Statement[],
  work: () => Promise<T>,
  after: readonly Statement[] = [],
): Promise<T> {
  const client = await pool().connect();
  const run = async (statements: readonly Statement[]) => {
    for (const [text, ...values] of statements) await client.query(text, values);
  };
  let held: Promise<T> | undefined;
  try {
    await client.query("BEGIN");
    await run(before);
    const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
    held = work();
    held.catch(() => undefined);
    await untilWaitedFor(rows[0].pid);
    await run(after);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    await held?.catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
  return held;
}

/** Answers once another connection waits for a lock of this one. */
async function untilWaitedFor(pid: number): Promise<void> {
  for (let tries = 0; tries < 1_500; tries++) {
    const { rows } = await pool().query("SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))", [pid]);
    if (rows.length > 0) return;
    await wait(20);
  }
  throw new Error("Nobody waits.");
}
