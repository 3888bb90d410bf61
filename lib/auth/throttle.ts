import { hash } from "node:crypto";
import { isIPv6 } from "node:net";
import { hours, later, minutes } from "../clock";
import { db } from "../db";
import { Refusal } from "../errors";

/** Failures that cost nothing; from the next one on, each makes the next try wait twice as long. */
const freeFailures = 4;
const waitMin = 2_000;
const waitMax = minutes(15);

/** After so long without a failure they are forgiven. An address may be that of a whole office. */
const memory = { account: hours(24), address: hours(1) };

type Subject = keyof typeof memory;

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
  const account = keyOf("account", userName.trim().toLowerCase());
  const origin = keyOf("address", address === null ? "unknown" : networkOf(address));
  await forgetForgiven(now);
  await count("address", origin, now);
  try {
    await count("account", account, now);
  } catch (refusal) {
    await uncount("address", origin, now);
    throw refusal;
  }
  return {
    succeeded: async () => {
      await db.rateLimit.deleteMany({ where: { key: account } });
      await uncount("address", origin, now);
    },
    abandoned: async () => {
      await uncount("account", account, now);
      await uncount("address", origin, now);
    },
  };
}

/** How long the next try waits after so many failures, in milliseconds: 2 s after the 5th, doubling, 15 minutes at most. */
export const waitAfter = (failures: number): number =>
  failures <= freeFailures ? 0 : Math.min(waitMin * 2 ** (failures - freeFailures - 1), waitMax);

/** The waits of the 1st, 2nd, … failure, for the statement below. The last one holds for all that follow. */
const waits = Array.from({ length: 16 }, (_, index) => waitAfter(index + 1));

/**
 * One more failure, unless the last one still makes this try wait: then the counter stands still. A row's `expire` is when
 * it is forgiven; that less the memory is when the next try may come.
 */
async function count(subject: Subject, key: string, now: Date): Promise<void> {
  const at = now.getTime();
  const counted = await db.$queryRaw<unknown[]>`
    INSERT INTO rate_limits AS r (key, points, expire) VALUES (${key}, 1, ${at}::bigint + ${memory[subject]}::bigint)
    ON CONFLICT (key) DO UPDATE SET
      points = CASE WHEN r.expire <= ${at}::bigint THEN 1 ELSE r.points + 1 END,
      expire = ${at}::bigint + ${memory[subject]}::bigint + CASE WHEN r.expire <= ${at}::bigint THEN 0
        ELSE (${waits}::bigint[])[least(r.points + 1, ${waits.length}::int)] END
    WHERE r.expire - ${memory[subject]}::bigint <= ${at}::bigint
    RETURNING points`;
  if (counted.length > 0) return;

  const row = await db.rateLimit.findUnique({ where: { key }, select: { expire: true } });
  const opensAt = Number(row?.expire ?? at) - memory[subject];
  throw tooManyFailures(Math.max(1, Math.ceil((opensAt - at) / 1000)));
}

/** Takes one failure back, and with it the wait that it brought. */
async function uncount(subject: Subject, key: string, now: Date): Promise<void> {
  await db.rateLimit.updateMany({
    where: { key, points: { gt: 0 } },
    data: { points: { decrement: 1 }, expire: later(now, memory[subject]).getTime() },
  });
}

let sweptAt = 0;

/** Drops the counters that no longer mean anything, every ten minutes at most: anybody may make new ones. */
async function forgetForgiven(now: Date): Promise<void> {
  if (now.getTime() - sweptAt < minutes(10)) return;
  sweptAt = now.getTime();
  await db.rateLimit.deleteMany({ where: { expire: { lte: sweptAt } } });
}

function tooManyFailures(seconds: number): Refusal {
  return new Refusal("too-many", `Too many failed sign-ins. Try again in ${inWords(seconds)}.`, {
    headers: { "Retry-After": String(seconds) },
    extra: { retryAfter: seconds },
  });
}

function inWords(seconds: number): string {
  if (seconds === 1) return "1 second";
  return seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}

/** A digest: what is typed as a user name may be a password in the wrong field. */
const keyOf = (subject: Subject, text: string) => `sign-in:${subject}:${hash("sha256", text)}`;

/** IPv6 customers are given whole /64 networks; every address of one counts as the same. */
function networkOf(address: string): string {
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
