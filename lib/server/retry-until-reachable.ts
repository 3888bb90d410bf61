import { setTimeout as delay } from "node:timers/promises";
import { isOutage } from "@/lib/db";
import { CannotStart } from "./steps";

const retryEveryMs = 500;

/**
 * Does what a start needs of the database, and does it again while the database is out of reach: it may come up after this
 * server, or be out of breath for a moment.
 *
 * @param act may be done again after it has failed half way.
 * @param patienceMs after which no further attempt begins.
 * @throws CannotStart in one line when patience ends; whatever else `act` throws, at once.
 */
export async function retryUntilReachable<T>(act: () => Promise<T>, timeoutMs = 30_000): Promise<T> {
  for (const deadline = Date.now() + timeoutMs; ; await delay(retryEveryMs)) {
    try {
      return await act();
    } catch (cause) {
      if (!isOutage(cause)) throw cause;
      if (Date.now() > deadline) throw new CannotStart(`The database does not answer: ${reasonOf(cause)}`, { cause });
    }
  }
}

/** A name with several addresses fails with an error that has a code and no message. */
function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return (message || code || "no reason given").split("\n").at(-1) ?? "";
}
