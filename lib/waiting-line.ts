import { Refusal } from "./errors";

type WaitingLine = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Lets only so many do something at a time; the others wait, first come, first served. Who comes when the line is full is
 * refused at once: what cannot be served soon should not take memory or connections.
 *
 * @throws Refusal `unavailable` with `Retry-After`, when the line is full.
 */
export function createWaitingLine(atOnce: number, waitingMax: number): WaitingLine {
  let busy = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (busy >= atOnce) {
      if (waiting.length >= waitingMax) throw queueFull();
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      busy++;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else busy--;
    }
  };
}

const queueFull = () =>
  new Refusal("unavailable", "Too many are asking at this moment; try again in a few seconds.", {
    headers: { "Retry-After": "5" },
  });
