import type { Actor } from "../permissions/actor";
import { getJob } from "./queries";
import { isFinished, type JobView } from "./schema";
import { onJobSignal } from "./signals";

const pollMs = 1_000;

/** Returns the job once it is finished, the time is over or the signal aborts. It is also polled each second, since
 * notifications can be lost. */
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
