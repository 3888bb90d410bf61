import type { Pool } from "pg";
import type { Histogram } from "prom-client";
import { Batcher } from "./batcher";
import { type PositionRow, positionColumns, readTimeoutMs } from "./log-position";
import type { Invalidation, Memory } from "./memory";

/** Waits until the memory is up to date as of a later moment. Neither method may throw; `now` is in milliseconds. */
export interface PendingConfirmation {
  confirmed(now: number): void;
  failed(error: unknown): void;
}

export type Confirm = (waiting: PendingConfirmation) => void;

const invalidationsMax = 1_000;

// One statement has one snapshot, so the lines are exactly those up to the number. They are read only when it has changed.
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

interface Reading extends PositionRow {
  changes: Invalidation[] | null;
}

/** Shared confirmation (design 7): requests that wait share one read, which starts after they have arrived. */
export function sharedConfirmation(pool: () => Pool, memory: Memory, sizes: Pick<Histogram, "observe">): Confirm {
  const batches = new Batcher<PendingConfirmation>(
    async (batch) => {
      sizes.observe(batch.length);
      const settle = await bringUpToDate(pool, memory).then(
        (now) => (each: PendingConfirmation) => each.confirmed(now),
        (error: unknown) => (each: PendingConfirmation) => each.failed(error),
      );
      for (const each of batch) settle(each);
    },
    { concurrent: 2, sizeMax: Number.MAX_SAFE_INTEGER },
  );
  return (waiting) => batches.add(waiting);
}

async function bringUpToDate(pool: () => Pool, memory: Memory): Promise<number> {
  const from = memory.position;
  const query = () => pool().query<Reading>({ ...read, values: [from.number] });
  const [{ server, number, now, changes }] = await memory.progress.read(query);
  memory.moveTo({ server, number }, changes?.length === number - from.number ? changes : null, from);
  return now;
}
