import { setTimeout as delay } from "node:timers/promises";
import { isOutage } from "@/lib/outage";
import { CannotStart, outageReason } from "./steps";

const retryEveryMs = 500;

/** The database may start later than this server. `act` must be safe to repeat after it failed half way. No attempt
 * begins after the timeout. Throws CannotStart then, and an error of `act` that is no outage at once. */
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
