import type { Actor } from "../permissions/actor";
import { getJob, readLog } from "./queries";
import { isFinished, type JobView, type LogLine } from "./schema";
import { onJobSignal } from "./signals";

const pollMs = 500;

/** What happened to a job: a line was logged, or it has this status now. `number` is the place of a line in the log. */
export type JobNews = { line: LogLine; number: number } | { job: JobView };

/** Yields the job, each further line of its log after the given number, and the job again when its status changes. It ends
 * when the job has finished, the time is over or the signal aborts. Refuses `not-found`, and as `actorNow`, which is
 * called before each look, since the token may have been revoked. */
export async function* followJob(
  actorNow: () => Promise<Actor>,
  id: number,
  { after, timeoutMs, signal }: { after: number; timeoutMs: number; signal: AbortSignal },
): AsyncGenerator<JobNews> {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const waking = wakingOf(id, ended);
  let last = after;
  let status: JobView["status"] | null = null;
  try {
    while (!ended.aborted) {
      const job = await getJob(await actorNow(), id);
      // The lines of a job are complete when it has finished, so they are read after its status and sent before it.
      for (const news of await readLog(id, last)) {
        last = news.number;
        yield news;
      }
      if (job.status !== status) yield { job };
      status = job.status;
      if (isFinished(status)) return;
      await waking.next();
    }
  } finally {
    waking.stop();
  }
}

/** `next` resolves after the poll interval, or at once when the status of the job changes or `ended` aborts. */
function wakingOf(id: number, ended: AbortSignal) {
  let wake = () => {};
  const unsubscribe = onJobSignal(({ job }) => job === id && wake());
  const onAbort = () => wake();
  ended.addEventListener("abort", onAbort);
  return {
    next: () =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (ended.aborted) wake();
      }),
    stop: () => {
      unsubscribe();
      ended.removeEventListener("abort", onAbort);
      wake();
    },
  };
}
