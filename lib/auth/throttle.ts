import { hash } from "node:crypto";
import { hours, later, minutes } from "../clock";
import { db } from "../db";
import { deleteExpiredCounters, networkOf, tooMany } from "../rate-limits";

/** Failures that cost nothing; from the next one on, each makes the next try wait twice as long. */
const freeFailures = 4;
const waitMin = 2_000;
const waitMax = minutes(15);

/** A try that was let through. It counts as failed until it is said to have succeeded. */
export interface Attempt {
  /** The account's failures are forgotten, and the try does not count against the address. */
  succeeded(): Promise<void>;
  /** The password was never looked at, so the try counts against nobody. */
  abandoned(): Promise<void>;
}

/**
 * Lets a sign-in try through, or refuses it. Counts before the password is looked at, in one statement per counter: of
 * any number of tries at once, only as many get through as one after the other would.
 *
 * @param userName as typed; whether there is such an account makes no difference.
 * @throws Refusal `too-many` with `Retry-After`.
 */
export async function admitAttempt(userName: string, address: string | null, now: Date): Promise<Attempt> {
  // After so long without a failure a counter is forgotten. An address may be that of a whole office.
  const account = counterOf("account", userName.trim().toLowerCase(), hours(24));
  const origin = counterOf("address", networkOf(address), hours(1));
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
      await db.rateLimit.deleteMany({ where: { key: account.key } });
      await uncount(origin, now);
    },
    abandoned: async () => {
      await uncount(account, now);
      await uncount(origin, now);
    },
  };
}

/** How long the next try waits after so many failures, in milliseconds: 2 s after the 5th, doubling, 15 minutes at most. */
export const waitAfter = (failures: number): number =>
  failures <= freeFailures ? 0 : Math.min(waitMin * 2 ** (failures - freeFailures - 1), waitMax);

/** The waits of the 1st, 2nd, … failure, for the statement below. The last one holds for all that follow. */
const waits = Array.from({ length: 16 }, (_, index) => waitAfter(index + 1));

/** A row of `rate_limits`. Its `expire` is when it is forgotten; that less `memory` is when the next try may come. */
interface Counter {
  key: string;
  memory: number;
}

/** By a digest: what is typed as a user name may be a password in the wrong field. */
const counterOf = (subject: string, text: string, memory: number): Counter => ({
  key: `sign-in:${subject}:${hash("sha256", text)}`,
  memory,
});

/** One failure more, and true; or false, and nothing counted, while an earlier one still makes tries wait. */
async function count({ key, memory }: Counter, now: Date): Promise<boolean> {
  const at = now.getTime();
  const counted = await db.$executeRaw`
    INSERT INTO rate_limits AS r (key, points, expire) VALUES (${key}, 1, ${at}::bigint + ${memory}::bigint)
    ON CONFLICT (key) DO UPDATE SET
      points = CASE WHEN r.expire <= ${at}::bigint THEN 1 ELSE r.points + 1 END,
      expire = ${at}::bigint + ${memory}::bigint + CASE WHEN r.expire <= ${at}::bigint THEN 0
        ELSE (${waits}::bigint[])[least(r.points + 1, ${waits.length}::int)] END
    WHERE r.points <= ${freeFailures}::int OR r.expire - ${memory}::bigint <= ${at}::bigint`;
  return counted > 0;
}

/** Takes one failure back, and with it the wait that it brought. */
async function uncount({ key, memory }: Counter, now: Date): Promise<void> {
  await db.rateLimit.updateMany({
    where: { key, points: { gt: 0 } },
    data: { points: { decrement: 1 }, expire: later(now, memory).getTime() },
  });
}

/** Milliseconds until every one of the counters lets a try through; 0 or less when they do. */
async function waitOf(counters: Counter[], now: Date): Promise<number> {
  const rows = await db.rateLimit.findMany({
    where: { key: { in: counters.map(({ key }) => key) } },
    select: { key: true, points: true, expire: true },
  });
  const opensAt = counters.map(({ key, memory }) => {
    const row = rows.find((row) => row.key === key);
    // Requests are not counted in the order of their clocks, which must not look like a wait.
    return row && row.points > freeFailures ? Number(row.expire) - memory : 0;
  });
  return Math.max(...opensAt) - now.getTime();
}

const tooManyFailures = (wait: number) => tooMany("Too many failed sign-ins.", wait);
