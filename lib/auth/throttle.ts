import { hash } from "node:crypto";
import { hours, later, minutes } from "../clock";
import { db } from "../db";
import { Prisma } from "../generated/prisma/client";
import { deleteExpiredCounters, networkOf, tooMany } from "../rate-limits";
import { normalizeUserName } from "../text";

/** Failures without a wait; each further one doubles it. One address may be that of an office (decision 1802). */
export const freeFailures = { account: 4, address: 49 };
const waitMin = 2_000;
const waitMax = minutes(15);

/** An attempt counts as a failure until it succeeds or is abandoned, which means that no password was checked. */
export interface Attempt {
  /** Resets the failures of the account and takes them off those of the IP address: they were typing errors. */
  succeeded(): Promise<void>;
  abandoned(): Promise<void>;
}

/** Refuses `too-many` with `Retry-After`, whether or not the account exists. An attempt is counted before the password
 * is checked, in one statement, so that concurrent attempts are limited like sequential ones. */
export async function admitAttempt(userName: string, ip: string | null, now: Date): Promise<Attempt> {
  // A counter is deleted after this time without a failure.
  const account = counterOf("account", normalizeUserName(userName), hours(24));
  const origin = counterOf("address", networkOf(ip), hours(1));
  await deleteExpiredCounters(now);

  const counted = await count([origin, account], now);
  if (counted.length < 2) {
    for (const counter of counted) await uncount(counter, now);
    throw tooManyFailures(await waitOf([account, origin], now));
  }
  return {
    succeeded: () => forgive(account, origin, now),
    abandoned: async () => {
      await uncount(account, now);
      await uncount(origin, now);
    },
  };
}

/** The wait before the next attempt, in milliseconds: 2 s after the 5th failure of an account, then doubling up to 15 minutes. */
export const waitAfter = (failures: number, free = freeFailures.account): number =>
  failures <= free ? 0 : Math.min(waitMin * 2 ** (failures - free - 1), waitMax);

const waits = Array.from({ length: 12 }, (_, index) => waitAfter(index + 1, 0));

/** A row of `rate_limits`. It is deleted at `expire`; the next attempt is admitted at `expire` minus `memory`. */
interface Counter {
  key: string;
  memory: number;
  free: number;
}

/** The key has a digest, because users sometimes type a password into the wrong field. */
const counterOf = (subject: keyof typeof freeFailures, text: string, memory: number): Counter => ({
  key: `sign-in:${subject}:${hash("sha256", text)}`,
  memory,
  free: freeFailures[subject],
});

/** Returns those that counted the attempt: none while one of them makes attempts wait, or one when that one's wait has
 * begun meanwhile. Every attempt locks them in the same order. */
async function count(counters: [Counter, Counter], now: Date): Promise<Counter[]> {
  const at = Prisma.sql`${now.getTime()}::bigint`;
  const settings = Prisma.join(
    counters.map(({ key, memory, free }) => Prisma.sql`(${key}, ${memory}::bigint, ${free}::int)`),
  );
  const counted = await db.$queryRaw<{ key: string }[]>`
    WITH counters (key, memory, free) AS (VALUES ${settings})
    INSERT INTO rate_limits AS r (key, points, expire)
    SELECT key, 1, ${at} + memory FROM counters
    WHERE NOT EXISTS (
      SELECT FROM counters c JOIN rate_limits w ON w.key = c.key AND w.points > c.free AND w.expire - c.memory > ${at}
    )
    ORDER BY key
    ON CONFLICT (key) DO UPDATE SET
      points = CASE WHEN r.expire <= ${at} THEN 1 ELSE r.points + 1 END,
      expire = excluded.expire + CASE WHEN r.expire <= ${at} OR r.points < ${freeOf(counters)} THEN 0
        ELSE (${waits}::bigint[])[least(r.points + 1 - ${freeOf(counters)}, ${waits.length}::int)] END
    WHERE r.points <= ${freeOf(counters)} OR r.expire - (excluded.expire - ${at}) <= ${at}
    RETURNING key`;
  return counters.filter(({ key }) => counted.some((row) => row.key === key));
}

/** The failures without a wait of the row `r`. */
const freeOf = ([first, second]: [Counter, Counter]) =>
  Prisma.sql`CASE r.key WHEN ${first.key} THEN ${first.free}::int ELSE ${second.free}::int END`;

async function uncount({ key, memory }: Counter, now: Date): Promise<void> {
  await db.$executeRaw`
    UPDATE rate_limits SET points = points - 1, expire = ${later(now, memory).getTime()}::bigint
    WHERE key = ${key} AND points > 0`;
}

/** A concurrent success of the same account may have cleared its counter, with this attempt in it. */
async function forgive(account: Counter, origin: Counter, now: Date): Promise<void> {
  await db.$executeRaw`
    WITH cleared AS (DELETE FROM rate_limits WHERE key = ${account.key} RETURNING points)
    UPDATE rate_limits
    SET points = greatest(rate_limits.points - cleared.points, 0), expire = ${later(now, origin.memory).getTime()}::bigint
    FROM cleared WHERE key = ${origin.key}`;
}

async function waitOf(counters: Counter[], now: Date): Promise<number> {
  const rows = await db.rateLimit.findMany({
    where: { key: { in: counters.map(({ key }) => key) } },
    select: { key: true, points: true, expire: true },
  });
  const opensAt = counters.map(({ key, memory, free }) => {
    const row = rows.find((row) => row.key === key);
    // Concurrent requests are not counted in the order of their times, which must not look like a wait.
    return row && row.points > free ? Number(row.expire) - memory : 0;
  });
  return Math.max(...opensAt) - now.getTime();
}

const tooManyFailures = (wait: number) => tooMany("Too many failed sign-ins.", wait);
