import { isIPv6 } from "node:net";
import { minutes } from "./clock";
import { db } from "./db";
import { Refusal } from "./errors";

/** One statement lets exactly `max` of concurrent uses pass. Refuses `too-many` with `Retry-After`, uncounted. */
export async function consumeRateLimit(
  key: string,
  { max, windowMs, sentence, now }: { max: number; windowMs: number; sentence: string; now: Date },
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
  throw tooMany(sentence, Number(row?.expire ?? at) - at);
}

let deletedAtMs = 0;

/** It runs at most every ten minutes. Anonymous requests can create any number of counters. */
export async function deleteExpiredCounters(now: Date): Promise<void> {
  if (now.getTime() - deletedAtMs < minutes(10)) return;
  deletedAtMs = now.getTime();
  await db.rateLimit.deleteMany({ where: { expire: { lte: deletedAtMs } } });
}

/** `sentence` says what there was too much of. After `waitMs` a retry can succeed. */
export function tooMany(sentence: string, waitMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new Refusal("too-many", `${sentence} Try again in ${describeWait(seconds)}.`, {
    headers: { "Retry-After": String(seconds) },
    extra: { retryAfter: seconds },
  });
}

function describeWait(seconds: number): string {
  if (seconds === 1) return "1 second";
  return seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}

/** One IPv6 customer usually has a whole /64, so all addresses in it count as one. */
export function networkOf(ip: string | null): string {
  if (ip === null) return "unknown";
  if (!isIPv6(ip)) return ip;
  const [head = "", tail] = ip.split("::");
  const left = head.split(":");
  const right = tail === undefined ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(zeros).fill("0"), ...right]
    .slice(0, 4)
    .map((part) => part || "0")
    .join(":");
}
