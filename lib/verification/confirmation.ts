import type { Pool } from "pg";
import type { Histogram } from "prom-client";
import { Batcher } from "./batcher";
import { type DetailsById, type DetailsRow, detailsById, detailsSql, type TokenDetails } from "./details";
import { type PositionRow, positionColumns, readTimeoutMs } from "./log-position";
import type { Invalidation, Memory } from "./memory";

/** Waits until the memory is up to date as of a later moment. Neither method may throw; `now` is in milliseconds. */
export interface PendingConfirmation {
  /** The id of the token whose details are read in the same snapshot, or null. */
  readonly detailsOf: string | null;
  confirmed(now: number, details: TokenDetails | null): void;
  failed(error: unknown): void;
}

export type Confirm = (waiting: PendingConfirmation) => void;

const invalidationsMax = 1_000;

// One statement has one snapshot, so the lines are exactly those up to the number. They are read only when it has changed.
const columns = `
  ${positionColumns}, CASE WHEN c.value > $1::bigint THEN ARRAY(
    SELECT json_build_object('tokens', l.token_ids, 'owners', l.owner_ids, 'everything', l.everything)
    FROM changes l WHERE l.number > $1::bigint AND l.number <= c.value LIMIT ${invalidationsMax + 1}
  ) END AS changes`;

const confirm = { name: "confirm", text: `SELECT ${columns} FROM change_counter c`, query_timeout: readTimeoutMs };

const confirmWithDetails = {
  name: "confirm-with-details",
  text: `SELECT ${columns}, (${detailsSql("$2")}) AS details FROM change_counter c`,
  query_timeout: readTimeoutMs,
};

interface Reading extends PositionRow {
  changes: Invalidation[] | null;
  details?: DetailsRow[] | null;
}

/** Shared confirmation (design 7): requests that wait share one read, which starts after they have arrived. */
export function sharedConfirmation(pool: () => Pool, memory: Memory, sizes: Pick<Histogram, "observe">): Confirm {
  const batches = new Batcher<PendingConfirmation>(
    async (batch) => {
      sizes.observe(batch.length);
      const wanted = new Set<string>();
      for (const { detailsOf } of batch) if (detailsOf !== null) wanted.add(detailsOf);
      const settle = await bringUpToDate(pool, memory, wanted).then(
        ({ now, details }) =>
          (each: PendingConfirmation) =>
            each.confirmed(now, details?.get(each.detailsOf ?? "") ?? null),
        (error: unknown) => (each: PendingConfirmation) => each.failed(error),
      );
      for (const each of batch) settle(each);
    },
    { concurrent: 2, sizeMax: Number.MAX_SAFE_INTEGER },
  );
  return (waiting) => batches.add(waiting);
}

async function bringUpToDate(
  pool: () => Pool,
  memory: Memory,
  wanted: ReadonlySet<string>,
): Promise<{ now: number; details: DetailsById | null }> {
  const from = memory.position;
  const query = () =>
    pool().query<Reading>(
      wanted.size === 0
        ? { ...confirm, values: [from.number] }
        : { ...confirmWithDetails, values: [from.number, [...wanted]] },
    );
  const [{ server, number, now, changes, details = null }] = await memory.progress.read(query);
  memory.moveTo({ server, number }, changes?.length === number - from.number ? changes : null, from);
  return { now, details: details && detailsById(details) };
}
