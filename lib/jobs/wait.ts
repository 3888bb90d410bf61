import type { Actor } from "../permissions/actor";
import { getJob } from "./queries";
import { isFinished, type JobView } from "./schema";
import { onJobSignal } from "./signals";

const pollMs = 1_000;

/**
 * The job once it is finished, or as it is when the patience is over or the signal aborts. Hears of the end within a
 * millisecond or two; looks each second in case the word is lost.
 */
export async function waitForJob(
  who: Actor,
  id: number,
  { timeoutMs: milliseconds, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<JobView> {
  const timeout = AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
  let wake = () => {};
  const stopHearing = onJobSignal(({ job }) => {
    if (job === id) wake();
  });
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const job = await getJob(who, id);
      if (isFinished(job.status) || timeout.aborted) return job;
      await Promise.race([woken, pause(timeout)]);
    }
  } finally {
    stopHearing();
  }
}

/** Ends after a second or when the patience does. */
function pause(timeout: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      timeout.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, pollMs);
    timeout.addEventListener("abort", end);
  });
}
