import pLimit from "p-limit";
import { Refusal } from "./errors";

type WaitingLine = <T>(work: () => Promise<T>) => Promise<T>;

/** Work waits in order of arrival. A full line refuses more at once: `unavailable` with `Retry-After`. */
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
