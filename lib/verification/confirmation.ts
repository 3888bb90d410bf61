import type { Pool } from "pg";
import type { Histogram } from "prom-client";
import { Batches } from "./batches";
import { type LogPosition, positionColumns, readTimeoutMs } from "./log-position";
import type { Invalidation, Memory } from "./memory";

/** Whoever waits until the memory is true as of a moment after the question. Neither may throw. */
export interface PendingConfirmation {
  /** @param now the database's time, in milliseconds. */
  confirmed(now: number): void;
  failed(error: unknown): void;
}

export type Confirm = (waiting: PendingConfirmation) => void;

const invalidationsMax = 1_000;

// One snapshot: the lines are those that made the number. They are read only when it has moved.
const read = {
  name: "confirm",
  text: `
    SELECT ${positionColumns}, CASE WHEN c.value > $1::bigint THEN ARRAY(
      SELECT json_build_object('tokens', l.token_ids, 'owners', l.owner_ids, 'everything', l.everything)
      FROM changes l WHERE l.number > $1::bigint AND l.number <= c.value LIMIT ${invalidationsMax + 1}
    ) END AS changes
    FROM change_counter c`,
  query_timeout: readTimeoutMs,
};

interface Reading extends LogPosition {
  now: number;
  changes: Invalidation[] | null;
}

/**
 * Shared confirmation (design 7): brings a memory up to date by a read that starts after whoever asks has asked. All who
 * wait at that moment share one.
 *
 * @param sizes observes how many each read served.
 */
export function sharedConfirmation(pool: () => Pool, memory: Memory, sizes: Pick<Histogram, "observe">): Confirm {
  const batches = new Batches<PendingConfirmation>(
    async (batch) => {
      sizes.observe(batch.length);
      const tell = await bringUpToDate(pool, memory).then(
        (now) => (each: PendingConfirmation) => each.confirmed(now),
        (error: unknown) => (each: PendingConfirmation) => each.failed(error),
      );
      for (const each of batch) tell(each);
    },
    { atOnce: 2, largest: Number.MAX_SAFE_INTEGER },
  );
  return (waiting) => batches.add(waiting);
}

async function bringUpToDate(pool: () => Pool, memory: Memory): Promise<number> {
  const from = memory.position;
  const { rows } = await pool().query<Reading>({ ...read, values: [from.number] });
  const [reading] = rows;
  if (!reading) throw new Error("The change counter has no row.");
  const { server, number, now, changes } = reading;
  memory.moveTo({ server, number }, changes?.length === number - from.number ? changes : null, from);
  return now;
}
