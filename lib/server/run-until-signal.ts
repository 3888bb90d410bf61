import cluster from "node:cluster";
import { printFailure } from "./steps";

/** How to stop what was started. */
export type Cleanup = () => Promise<unknown>;

/** Longer than the requests in flight, the workers, the other processes and PostgreSQL are given together. */
const stopTimeoutMs = 45_000;

/** What one process sends another that it started, to ask it to stop: signals do not do that on every system. */
export const stopMessage = "stop";

/**
 * The life of a server process: it comes up, and goes down in the reverse order at a signal, when it is asked to, at a failure,
 * or when the process that started it is gone.
 *
 * @param comeUp starts one thing after the other, and says in `undo` how to stop each.
 * @param ready is called once all of it is up.
 * @param quiet says nothing of its own end: whoever started it does.
 */
export async function runUntilSignal(
  start: (cleanups: Cleanup[]) => Promise<void>,
  { ready = async () => {}, quiet = false }: { ready?: () => Promise<void>; quiet?: boolean } = {},
): Promise<void> {
  const cleanups: Cleanup[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (code: number, reason?: string) => {
    stopping ??= runCleanups(cleanups, quiet ? undefined : reason).then((isClean) => process.exit(isClean ? code : 1));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop(0, signal));
  process.on("message", (message) => message === stopMessage && stop(0, "asked to"));
  process.on("disconnect", () => stop(0, "the process that started it is gone"));
  // Node ends a worker of a cluster at once when it is left alone, unless it was to be: this one knows how to stop.
  if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;

  try {
    await start(cleanups);
    if (!stopping) await ready();
  } catch (error) {
    if (!stopping) printFailure(error);
    stop(1);
  }
}

async function runCleanups(cleanups: Cleanup[], reason?: string): Promise<boolean> {
  if (reason) console.log(`\n  Stopping (${reason}): requests and jobs in flight finish first …`);
  const giveUp = setTimeout(() => process.exit(1), stopTimeoutMs);
  let isClean = true;
  for (const act of cleanups.reverse()) {
    await act().catch((error) => {
      isClean = false;
      printFailure(error);
    });
  }
  clearTimeout(giveUp);
  if (reason) console.log("  Stopped.\n");
  return isClean;
}
