import pLimit from "p-limit";
import { Refusal } from "./errors";

type WaitingLine = <T>(work: () => Promise<T>) => Promise<T>;

/** Work that cannot run yet waits in order of arrival. When the line is full, further work is refused at once with
 * `unavailable` and `Retry-After`, instead of taking memory and connections. */
export function createWaitingLine(atOnce: number, waitingMax: number): WaitingLine {
  const limit = pLimit(atOnce);
  return async (work) => {
    if (limit.activeCount + limit.pendingCount >= atOnce + waitingMax) throw queueFull();
    return limit(work);
  };
}

const queueFull = () =>
  new Refusal("unavailable", "The server is busy. Try again in a few seconds.", {
    headers: { "Retry-After": "5" },
  });
