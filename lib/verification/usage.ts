import { pool } from "../db";
import { log } from "../log";
import { perProcess } from "../per-process";

export interface Use {
  at: Date;
  ip: string | null;
  agent: string | null;
}

interface Usage {
  uses: Map<string, Use>;
  timer?: NodeJS.Timeout;
}

const usage = perProcess<Usage>("usage", () => ({ uses: new Map() }))();

const flushEveryMs = 3_000;

/** Only the latest use of each token is kept until the next flush. */
export function noteUse(tokenId: string, use: Use): void {
  const known = usage.uses.get(tokenId);
  if (!known || known.at <= use.at) usage.uses.set(tokenId, use);
}

/** Writes uses every few seconds from now on. A second call changes nothing. */
export function startUsage(): void {
  usage.timer ??= setInterval(() => {
    flushUsage().catch((error: Error) =>
      log.error({ err: error }, "last uses could not be written; they are kept for the next attempt"),
    );
  }, flushEveryMs).unref();
}

/** Writes the remaining uses. Call it before the pool closes. */
export async function stopUsage(): Promise<void> {
  clearInterval(usage.timer);
  usage.timer = undefined;
  await flushUsage();
}

// The stored last use is at most a minute old and never goes back. Rows are locked in order of id, as in every change of
// several tokens, so that two such statements cannot deadlock.
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

/** One statement writes all uses since the last flush. When it fails, they are kept for the next attempt. */
export async function flushUsage(): Promise<void> {
  if (usage.uses.size === 0) return;
  const uses = [...usage.uses];
  usage.uses.clear();
  const column = <T>(pick: (use: Use) => T) => uses.map(([, use]) => pick(use));
  try {
    await pool().query({
      name: "write-usage",
      text,
      values: [uses.map(([id]) => id), column(({ at }) => at), column((use) => use.ip), column((use) => use.agent)],
    });
  } catch (error) {
    for (const [id, use] of uses) keep(id, use);
    throw error;
  }
}

function keep(id: string, use: Use): void {
  const newer = usage.uses.get(id);
  if (!newer || newer.at < use.at) usage.uses.set(id, use);
}
