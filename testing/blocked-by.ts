import { setTimeout as delay } from "node:timers/promises";
import { pool } from "@/lib/db";

type Statement = readonly [text: string, ...values: unknown[]];

/**
 * Does work that has to wait for the locks of another transaction, which then commits.
 *
 * @param before the first statements of that transaction.
 * @param after its further statements, once the work waits for it.
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
  let blocked: Promise<T> | undefined;
  try {
    await client.query("BEGIN");
    await run(before);
    const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
    blocked = work();
    blocked.catch(() => undefined);
    await waitUntilBlocking(rows[0].pid);
    await run(after);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    await blocked?.catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
  return blocked;
}

/** Resolves when another connection waits for a lock of the connection with this backend. */
async function waitUntilBlocking(pid: number): Promise<void> {
  for (let attempts = 0; attempts < 1_500; attempts++) {
    const { rows } = await pool().query("SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))", [pid]);
    if (rows.length > 0) return;
    await delay(20);
  }
  throw new Error("No connection waits for this transaction.");
}
