import type { Actor } from "../permissions/actor";
import { getJob } from "./queries";
import { isFinished, type JobView } from "./schema";
import { onJobSignal } from "./signals";

const pollMs = 1_000;

/**
 * Waits until a job is finished, the time is over or the signal aborts. A notification normally ends the wait; the job
 * is also polled each second, since notifications can be lost.
 *
 * @returns the job as it then is
 */
export async function waitForJob(
  who: Actor,
  id: number,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<JobView> {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  let wake = () => {};
  const unsubscribe = onJobSignal(({ job }) => {
    if (job === id) wake();
  });
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const job = await getJob(who, id);
      if (isFinished(job.status) || ended.aborted) return job;
      await Promise.race([woken, pause(ended)]);
    }
  } finally {
    unsubscribe();
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, pollMs);
    signal.addEventListener("abort", end);
  });
}
