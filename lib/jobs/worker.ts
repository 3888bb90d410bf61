import { setTimeout as wait } from "node:timers/promises";
import { pino } from "pino";
import { minutes } from "../clock";
import { databaseNow } from "../db";
import { env } from "../env";
import { clearFolders } from "./folders";
import { JobLog } from "./log";
import { closeQueue, installQueue } from "./queue";
import { deleteOldJobs } from "./retention";
import { runWorkspace } from "./run";
import { onJobSignal } from "./signals";
import { type ClaimedJob, claimJob, fail, recoverJobs, renewHeartbeat, requeue, succeed } from "./transitions";

const log = pino({ name: "jobs", level: process.env.NODE_ENV === "test" ? "silent" : "info" });

const heartbeatMs = 2_000;
const silenceSeconds = 10;
/** How long running jobs may go on when the server is asked to stop. */
const graceMs = 10_000;

interface RunningJob {
  job: ClaimedJob;
  stop: AbortController;
  ended: Promise<void>;
}

/**
 * Takes jobs from the queue and runs them, several at a time, until stopped. Hears of new and cancelled ones at once; looks
 * every two seconds in case the word is lost. Forgets each hour what finished long ago.
 *
 * @returns `stop`: takes no more, gives the running ones ten seconds, and puts back into the queue what is not done by then
 */
export async function startJobs(): Promise<{ stop(): Promise<void> }> {
  await installQueue();
  await clearFolders();
  const running = new Map<number, RunningJob>();
  const stopping = new AbortController();

  const start = (job: ClaimedJob) => {
    const stop = new AbortController();
    const ended = runToCompletion(job, stop.signal).finally(() => {
      running.delete(job.id);
      fill();
    });
    running.set(job.id, { job, stop, ended });
  };
  const fill = coalesce("taking a job", async () => {
    while (!stopping.signal.aborted && running.size < env().jobConcurrency) {
      const taken = await claimJob();
      if (taken === null) return;
      if (taken !== "skipped") start(taken);
    }
  });
  const maintain = coalesce("keeping up jobs", async () => {
    await renewHeartbeats(running);
    if (!stopping.signal.aborted) await recoverJobs(silenceSeconds, await databaseNow());
    fill();
  });

  const tidy = coalesce("forgetting old jobs", async () => {
    while (!stopping.signal.aborted && (await deleteOldJobs(env().jobDays)) > 0);
  });

  const unsubscribe = onJobSignal(({ job, status }) => {
    if (status === "queued") fill();
    if (status === "cancelled") running.get(job)?.stop.abort();
  });
  const timer = setInterval(maintain, heartbeatMs);
  maintain();
  const tidying = setInterval(tidy, minutes(60));
  tidy();

  return {
    async stop() {
      stopping.abort();
      unsubscribe();
      clearInterval(tidying);
      await tidy.idle();
      await fill.idle();
      const last = [...running.values()];
      await Promise.race([Promise.all(last.map(({ ended }) => ended)), wait(graceMs, null, { ref: false })]);
      clearInterval(timer);
      await maintain.idle();
      await Promise.all([...running.values()].map(release));
      await closeQueue();
    },
  };
}

/** Says that the running jobs are alive, and stops those that are not this instance's any more. */
async function renewHeartbeats(running: ReadonlyMap<number, RunningJob>): Promise<void> {
  const jobs = [...running.values()];
  if (jobs.length === 0) return;
  const stillHeld = await renewHeartbeat(jobs.map(({ job }) => job));
  for (const { job, stop } of jobs) if (!stillHeld.has(job.id)) stop.abort();
}

async function release({ job, stop, ended }: RunningJob): Promise<void> {
  stop.abort();
  await ended;
  await requeue(job);
}

/** Runs a job and writes down how it ended. A fault of ours fails the job and is in the server's log. */
async function runToCompletion(job: ClaimedJob, signal: AbortSignal): Promise<void> {
  const lines = new JobLog(job);
  try {
    const onLog = (text: string) => lines.write("info", text);
    const outcome = await runWorkspace(job, { signal, onLog }, async (result, written) => {
      await lines.written();
      await succeed(job, result, written, await databaseNow());
    });
    if (typeof outcome === "object" && "refused" in outcome) {
      lines.write("error", outcome.refused);
      await lines.written();
      await fail(job, outcome.refused, await databaseNow());
    }
  } catch (error) {
    log.error({ job: job.id, err: error }, "a job failed by a fault of the server");
    await databaseNow()
      .then((now) => fail(job, "The server could not run this job; its log says why.", now))
      .catch((cause) =>
        log.error({ job: job.id, err: cause }, "and could not be written down; another instance will find it"),
      );
  }
}

/**
 * Runs the task now, or once more right after the run that is under way: calls that come meanwhile are one. A failure is
 * logged; the next call tries again.
 */
function coalesce(doing: string, task: () => Promise<void>): { (): void; idle(): Promise<void> } {
  let under: Promise<void> | null = null;
  let again = false;
  const loop = async () => {
    do {
      again = false;
      await task().catch((error) => log.error({ err: error }, `${doing} failed`));
    } while (again);
    under = null;
  };
  const call = () => {
    if (under) again = true;
    else under = loop();
  };
  return Object.assign(call, { idle: async () => void (await under) });
}
