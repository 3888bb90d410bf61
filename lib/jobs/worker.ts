import { setTimeout as wait } from "node:timers/promises";
import { minutes } from "../clock";
import { databaseNow } from "../db";
import { env } from "../env";
import { makeLog } from "../log";
import { isOutage } from "../outage";
import { removeAbandoned } from "../repositories/clean-up";
import { fail, succeed } from "./ending";
import { clearFolders } from "./folders";
import { JobLog } from "./log";
import { closeQueue, installQueue, removeStaleEntries } from "./queue";
import { deleteOldJobs, deleteRemovedResults } from "./retention";
import { runWorkspace } from "./run";
import { onJobSignal, signalHere } from "./signals";
import { offerSlots, Slots, type StartJob } from "./slots";
import { type ClaimedJob, claimJob, recoverJobs, renewHeartbeat, requeue } from "./transitions";

const log = makeLog("jobs");

const heartbeatMs = 2_000;
const silenceSeconds = 10;
/** How long running jobs may go on after the server is asked to stop. */
const graceMs = 10_000;
/** How long they may then take to end, and how long work that another instance continues may take. */
const endMs = 5_000;

interface RunningJob {
  job: ClaimedJob;
  abort: AbortController;
  ended: Promise<void>;
}

/** Runs jobs, up to the configured number at a time: those that are submitted in this process while a slot is free, and
 * those of the queue. Notifications announce new and cancelled jobs; the queue is also polled every two seconds, since
 * notifications can be lost. `stop` starts no more jobs, gives the running ones ten seconds, puts the rest back into the
 * queue, and takes about 20 seconds at most. */
export async function startJobs(): Promise<{ stop(): Promise<void> }> {
  await installQueue();
  await clearFolders();
  const running = new Map<number, RunningJob>();
  const stopping = new AbortController();
  /** Whether the queue may have jobs that waited when no slot was free. */
  let mayWait = true;

  const startJob = (job: ClaimedJob, free: () => void) => {
    const abort = new AbortController();
    const freeSlot = () => {
      free();
      claimWaiting();
    };
    const ended = runJob(job, { signal: abort.signal, onStored: freeSlot }).finally(() => {
      running.delete(job.id);
      freeSlot();
    });
    running.set(job.id, { job, abort, ended });
  };
  const slots = new Slots(() => (stopping.signal.aborted ? 0 : env().jobConcurrency), startJob);
  const claim = () => slots.lend((start) => claimStartable(start, stopping.signal));
  const claiming = coalesce("claiming jobs", async () => {
    mayWait = true;
    while (mayWait) {
      const claimed = claim();
      if (!claimed) return;
      mayWait = await claimed;
    }
  });
  const claimWaiting = () => {
    if (mayWait) claiming.trigger();
  };
  const maintenance = coalesce("maintaining jobs", async () => {
    await renewHeartbeats(running);
    if (!stopping.signal.aborted) await recoverJobs(silenceSeconds, await databaseNow());
    claiming.trigger();
  });
  const cleanup = coalesce("removing old jobs", async () => {
    while (!stopping.signal.aborted && (await deleteOldJobs(env().jobDays)) > 0);
    await removeStaleEntries();
    await deleteRemovedResults(stopping.signal);
  });
  const fileCleanup = coalesce("removing abandoned uploads", () => removeAbandoned(stopping.signal));

  const withdraw = offerSlots({
    lendSlot: (work) => slots.lend(work)?.finally(claimWaiting) ?? null,
    wake: claiming.trigger,
  });
  const unsubscribe = onJobSignal(({ job, status }) => {
    if (status === "queued") claiming.trigger();
    if (status === "cancelled") running.get(job)?.abort.abort();
  });
  const maintenanceTimer = setInterval(maintenance.trigger, heartbeatMs);
  maintenance.trigger();
  const cleanupTimer = setInterval(cleanup.trigger, minutes(60));
  cleanup.trigger();
  const fileCleanupTimer = setInterval(fileCleanup.trigger, minutes(10));
  fileCleanup.trigger();

  return {
    async stop() {
      stopping.abort();
      withdraw();
      unsubscribe();
      clearInterval(cleanupTimer);
      clearInterval(fileCleanupTimer);
      await Promise.all([claiming.idle(), slots.settled()]);
      const ends = [...running.values()].map(({ ended }) => ended);
      await endsWithin(graceMs, Promise.all(ends));
      clearInterval(maintenanceTimer);
      await maintenance.idle();
      await Promise.all([...running.values()].map(release));
      await closeQueue();
      await endsWithin(endMs, Promise.all([cleanup.idle(), fileCleanup.idle()]));
    },
  };
}

async function renewHeartbeats(running: ReadonlyMap<number, RunningJob>): Promise<void> {
  const jobs = [...running.values()];
  if (jobs.length === 0) return;
  const heldIds = await renewHeartbeat(jobs.map(({ job }) => job));
  for (const { job, abort } of jobs) if (!heldIds.has(job.id)) abort.abort();
}

/** Without the heartbeat, another instance takes over a job that does not end. */
async function release({ job, abort, ended }: RunningJob): Promise<void> {
  abort.abort();
  if (await endsWithin(endMs, ended)) await requeue(job);
}

function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  return Promise.race([work.then(() => true), wait(ms, false, { ref: false })]);
}

/** Starts the next job of the queue. Returns whether there was one. */
async function claimStartable(start: StartJob, signal: AbortSignal): Promise<boolean> {
  let job = await claimJob();
  while (job === "skipped" && !signal.aborted) job = await claimJob();
  if (job === null) return false;
  if (job !== "skipped") start(job);
  return true;
}

interface RunOptions {
  signal: AbortSignal;
  /** The result is stored; the rest is cleaning up. */
  onStored: () => void;
}

/** Stores the outcome of a job, and tells those in this process that wait for it. An error of the server fails the job and is
 * logged. */
async function runJob(job: ClaimedJob, { signal, onStored }: RunOptions): Promise<void> {
  const lines = new JobLog(job);
  const failWith = async (reason: string) => {
    if (await fail(job, reason, await lines.takeRest())) signalHere({ job: job.id, status: "failed" });
    else await tellLost();
  };
  // It was cancelled, or another instance has it.
  const tellLost = () => {
    signalHere({ job: job.id, status: "cancelled" });
    return lines.flush();
  };
  try {
    const onLog = (text: string) => lines.write("info", text);
    const outcome = await runWorkspace(job, { signal, onLog }, async (result, size) => {
      const end = await succeed(job, result, size, await lines.takeRest());
      onStored();
      if (end) signalHere({ job: job.id, status: "succeeded" }, end);
      else await tellLost();
    });
    if (outcome === "stopped") await tellLost();
    else if ("refused" in outcome) {
      lines.write("error", outcome.refused);
      await failWith(outcome.refused);
    }
  } catch (error) {
    if (isOutage(error)) {
      // Nothing renews its heartbeat any more.
      log.error({ job: job.id, err: error }, "the database was away during a job, which is started again in a moment");
      return;
    }
    log.error({ job: job.id, err: error }, "a job failed by an error of the server");
    await failWith("The server couldn't run this job. The server log has details.").catch((cause) =>
      log.error(
        { job: job.id, err: cause },
        "the failure of a job could not be stored; another instance will recover it",
      ),
    );
  }
}

interface BackgroundTask {
  trigger(): void;
  idle(): Promise<void>;
}

/** Runs a task once at a time: triggers during a run cause one more run after it. Failures are logged. */
function coalesce(label: string, task: () => Promise<void>): BackgroundTask {
  let current: Promise<void> | null = null;
  let isTriggered = false;
  const loop = async () => {
    do {
      isTriggered = false;
      await task().catch((error) => log.error({ err: error }, `${label} failed`));
    } while (isTriggered);
    current = null;
  };
  return {
    trigger() {
      if (current) isTriggered = true;
      else current = loop();
    },
    idle: async () => void (await current),
  };
}
