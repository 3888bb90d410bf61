import { pool } from "../db";
import { log } from "../log";
import { perProcess } from "../per-process";

/** A use of a token: when, from where, with what. */
export interface Use {
  at: Date;
  address: string | null;
  agent: string | null;
}

interface Usage {
  uses: Map<string, Use>;
  timer?: NodeJS.Timeout;
}

const usage = perProcess<Usage>("usage", () => ({ uses: new Map() }))();

const flushEveryMs = 3_000;

/** Remembers a use until the next flush; costs no query. Of two, the later stays. */
export function noteUse(tokenId: string, use: Use): void {
  const known = usage.uses.get(tokenId);
  if (!known || known.at <= use.at) usage.uses.set(tokenId, use);
}

/** Writes uses down every few seconds from now on. Asked twice, it does so once. */
export function startUsage(): void {
  usage.timer ??= setInterval(() => {
    flushUsage().catch((error: Error) => log.error({ err: error }, "last uses are not written down yet"));
  }, flushEveryMs).unref();
}

/** Stops the clock and writes down what is left: the last act before the pool closes. */
export async function stopUsage(): Promise<void> {
  clearInterval(usage.timer);
  usage.timer = undefined;
  await flushUsage();
}

// What is stored is at most a minute older than the last use, and never moves back. Rows are locked in order of id, as every
// change of several tokens does.
const text = `
  WITH used AS (
    SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[]) AS u (id, at, address, agent)
  ), due AS (
    SELECT t.id, u.at, u.address, u.agent
    FROM tokens t JOIN used u ON u.id = t.id
    WHERE t.last_used_at IS NULL OR u.at >= t.last_used_at + interval '1 minute'
      OR (u.at > t.last_used_at AND (t.last_used_address, t.last_used_agent) IS DISTINCT FROM (u.address, u.agent))
    ORDER BY t.id
    FOR NO KEY UPDATE OF t
  )
  UPDATE tokens t
  SET last_used_at = due.at, last_used_address = due.address, last_used_agent = due.agent
  FROM due WHERE t.id = due.id`;

/** Writes down all uses since the last flush, in one statement. What could not be written is kept for the next. */
export async function flushUsage(): Promise<void> {
  if (usage.uses.size === 0) return;
  const taken = [...usage.uses];
  usage.uses.clear();
  const column = <T>(pick: (use: Use) => T) => taken.map(([, use]) => pick(use));
  try {
    await pool().query({
      name: "write-usage",
      text,
      values: [
        taken.map(([id]) => id),
        column(({ at }) => at),
        column((use) => use.address),
        column((use) => use.agent),
      ],
    });
  } catch (error) {
    for (const [id, use] of taken) keep(id, use);
    throw error;
  }
}

function keep(id: string, use: Use): void {
  const newer = usage.uses.get(id);
  if (!newer || newer.at < use.at) usage.uses.set(id, use);
}
