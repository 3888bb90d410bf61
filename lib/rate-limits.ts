import { isIPv6 } from "node:net";
import { minutes } from "./clock";
import { db } from "./db";
import { Refusal } from "./errors";

/**
 * Counts one more, in one statement: of any number at once, exactly so many get through in each window as are allowed. The
 * window begins with the first.
 *
 * @param windowMs milliseconds.
 * @throws Refusal `too-many` with `Retry-After`, when the window is full; nothing is counted then.
 */
export async function consumeRateLimit(
  key: string,
  { max, windowMs, complaint, now }: { max: number; windowMs: number; complaint: string; now: Date },
): Promise<void> {
  await deleteExpiredCounters(now);
  const at = now.getTime();
  const counted = await db.$executeRaw`
    INSERT INTO rate_limits AS r (key, points, expire) VALUES (${key}, 1, ${at}::bigint + ${windowMs}::bigint)
    ON CONFLICT (key) DO UPDATE SET
      points = CASE WHEN r.expire <= ${at}::bigint THEN 1 ELSE r.points + 1 END,
      expire = CASE WHEN r.expire <= ${at}::bigint THEN ${at}::bigint + ${windowMs}::bigint ELSE r.expire END
    WHERE r.expire <= ${at}::bigint OR r.points < ${max}::int`;
  if (counted > 0) return;
  const row = await db.rateLimit.findUnique({ where: { key }, select: { expire: true } });
  throw tooMany(complaint, Number(row?.expire ?? at) - at);
}

let sweptAt = 0;

/** Drops the counters that no longer mean anything, every ten minutes at most: anybody may make new ones. */
export async function deleteExpiredCounters(now: Date): Promise<void> {
  if (now.getTime() - sweptAt < minutes(10)) return;
  sweptAt = now.getTime();
  await db.rateLimit.deleteMany({ where: { expire: { lte: sweptAt } } });
}

/**
 * @param complaint a sentence.
 * @param wait until it is worth trying again, in milliseconds.
 */
export function tooMany(complaint: string, wait: number): Refusal {
  const seconds = Math.max(1, Math.ceil(wait / 1000));
  return new Refusal("too-many", `${complaint} Try again in ${describeWait(seconds)}.`, {
    headers: { "Retry-After": String(seconds) },
    extra: { retryAfter: seconds },
  });
}

function describeWait(seconds: number): string {
  if (seconds === 1) return "1 second";
  return seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}

/** Whom an address stands for. IPv6 customers are given whole /64 networks; every address of one counts as the same. */
export function networkOf(address: string | null): string {
  if (address === null) return "unknown";
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("::");
  const left = head.split(":");
  const right = tail === undefined ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(zeros).fill("0"), ...right]
    .slice(0, 4)
    .map((part) => part || "0")
    .join(":");
}
