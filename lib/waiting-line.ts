import pLimit from "p-limit";
import { Refusal } from "./errors";

type WaitingLine = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Runs only so many tasks at a time; the others wait, first come, first served. A task that comes when the line is full is
 * refused at once: what cannot be served soon should not take memory or connections.
 *
 * @throws Refusal `unavailable` with `Retry-After`, when the line is full.
 */
export function createWaitingLine(atOnce: number, waitingMax: number): WaitingLine {
  const limit = pLimit(atOnce);
  return async (work) => {
    if (limit.activeCount + limit.pendingCount >= atOnce + waitingMax) throw queueFull();
    return limit(work);
  };
}

const queueFull = () =>
  new Refusal("unavailable", "Too many are asking at this moment; try again in a few seconds.", {
    headers: { "Retry-After": "5" },
  });
