import { hash } from "node:crypto";
import { hours, later, minutes } from "../clock";
import { db } from "../db";
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
 * is checked, in one statement per counter, so that concurrent attempts are limited like sequential ones. */
export async function admitAttempt(userName: string, ip: string | null, now: Date): Promise<Attempt> {
  // A counter is deleted after this time without a failure.
  const account = counterOf("account", normalizeUserName(userName), hours(24));
  const origin = counterOf("address", networkOf(ip), hours(1));
  await deleteExpiredCounters(now);

  const wait = await waitOf([account, origin], now);
  if (wait > 0) throw tooManyFailures(wait);
  if (!(await count(origin, now))) throw tooManyFailures(await waitOf([origin], now));
  if (!(await count(account, now))) {
    await uncount(origin, now);
    throw tooManyFailures(await waitOf([account], now));
  }
  return {
    succeeded: async () => {
      await uncount(origin, now, await clear(account));
    },
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

async function count({ key, memory, free }: Counter, now: Date): Promise<boolean> {
  const at = now.getTime();
  const counted = await db.$executeRaw`
    INSERT INTO rate_limits AS r (key, points, expire) VALUES (${key}, 1, ${at}::bigint + ${memory}::bigint)
    ON CONFLICT (key) DO UPDATE SET
      points = CASE WHEN r.expire <= ${at}::bigint THEN 1 ELSE r.points + 1 END,
      expire = ${at}::bigint + ${memory}::bigint + CASE WHEN r.expire <= ${at}::bigint OR r.points < ${free}::int THEN 0
        ELSE (${waits}::bigint[])[least(r.points + 1 - ${free}::int, ${waits.length}::int)] END
    WHERE r.points <= ${free}::int OR r.expire - ${memory}::bigint <= ${at}::bigint`;
  return counted > 0;
}

async function uncount({ key, memory }: Counter, now: Date, failures = 1): Promise<void> {
  await db.$executeRaw`
    UPDATE rate_limits SET points = greatest(points - ${failures}::int, 0), expire = ${later(now, memory).getTime()}::bigint
    WHERE key = ${key} AND points > 0`;
}

async function clear({ key }: Counter): Promise<number> {
  const rows = await db.$queryRaw<{ points: number }[]>`DELETE FROM rate_limits WHERE key = ${key} RETURNING points`;
  // A concurrent success of the same account has cleared the counter, with this attempt in it.
  return rows[0]?.points ?? 0;
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
