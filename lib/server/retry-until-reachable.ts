import { setTimeout as delay } from "node:timers/promises";
import { isOutage } from "@/lib/db";
import { CannotStart } from "./steps";

const retryEveryMs = 500;

/** The database may start later than this server. `act` must be safe to repeat after it failed half way. No attempt
 * begins after the timeout. Throws CannotStart then, and an error of `act` that is no outage at once. */
export async function retryUntilReachable<T>(act: () => Promise<T>, timeoutMs = 30_000): Promise<T> {
  for (const deadline = Date.now() + timeoutMs; ; await delay(retryEveryMs)) {
    try {
      return await act();
    } catch (cause) {
      if (!isOutage(cause)) throw cause;
      if (Date.now() > deadline) throw new CannotStart(`The database does not respond: ${reasonOf(cause)}`, { cause });
    }
  }
}

/** The error of a host name with several addresses has a code and no message. */
function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return (message || code || "no reason given").split("\n").at(-1) ?? "";
}
