import { Refusal } from "./errors";

export type WaitingLine = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Limits how many pieces of work run at a time; the others wait in order of arrival. When the line is full, further work is
 * refused at once instead of taking memory and connections.
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
