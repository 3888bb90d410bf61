import { setTimeout as delay } from "node:timers/promises";
import { isOutage } from "@/lib/outage";
import { CannotStart, outageReason } from "./steps";

const retryEveryMs = 500;

/**
 * Retries a part of the start while the database cannot be reached: it may start later than this server, or be overloaded
 * for a moment.
 *
 * @param act must be safe to repeat after it failed half way.
 * @param timeoutMs no further attempt begins after this time.
 * @throws CannotStart, in one line, after the timeout; any other error of `act` at once.
 */
export async function retryUntilReachable<T>(act: () => Promise<T>, timeoutMs = 30_000): Promise<T> {
  for (const deadline = Date.now() + timeoutMs; ; await delay(retryEveryMs)) {
    try {
      return await act();
    } catch (cause) {
      if (cause instanceof CannotStart || !isOutage(cause)) throw cause;
      if (Date.now() > deadline)
        throw new CannotStart(`The database does not respond: ${outageReason(cause)}`, { cause });
    }
  }
}
