import type { Actor } from "../permissions/actor";
import { describeResult, getJob } from "./queries";
import { isFinished, type JobView } from "./schema";
import { type JobEnd, onJobSignal } from "./signals";

const pollMs = 1_000;
/** The worker of this process says how its jobs end. */
const pollHereMs = 3_000;

/** `content` is the result if it is small and the job ran in this process. */
export interface AwaitedJob {
  job: JobView;
  content: Uint8Array<ArrayBuffer> | null;
}

/** Returns a job that was just submitted once it is finished, the time is over or the signal aborts. It is also polled,
 * since notifications can be lost. One that is running already runs in this process. */
export async function waitForJob(
  who: Actor,
  submitted: JobView,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<AwaitedJob> {
  if (isFinished(submitted.status)) return { job: submitted, content: null };
  const ended = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  let wake: (end?: JobEnd) => void = () => {};
  const nextWaking = (ms: number) =>
    new Promise<JobEnd | undefined>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = (end) => {
        clearTimeout(timer);
        resolve(end);
      };
    });
  const giveUp = () => wake();
  const unsubscribe = onJobSignal(({ job, status }, end) => {
    if (job === submitted.id && isFinished(status)) wake(end);
  });
  ended.addEventListener("abort", giveUp);
  try {
    let waking = nextWaking(submitted.status === "running" ? pollHereMs : pollMs);
    if (ended.aborted) giveUp();
    for (;;) {
      const end = await waking;
      if (end) return { job: finishedView(submitted, end), content: end.content };
      waking = nextWaking(pollMs);
      const job = await getJob(who, submitted.id);
      if (isFinished(job.status) || ended.aborted) return { job, content: null };
    }
  } finally {
    unsubscribe();
    ended.removeEventListener("abort", giveUp);
    giveUp();
  }
}

function finishedView(job: JobView, { startedAt, finishedAt, ...size }: JobEnd): JobView {
  return {
    ...job,
    status: "succeeded",
    result: describeResult(job, size),
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    can: { cancel: false },
  };
}
