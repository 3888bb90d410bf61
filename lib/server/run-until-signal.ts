import cluster from "node:cluster";
import { printFailure } from "./steps";

export type Cleanup = () => Promise<unknown>;

/** This is longer than the timeouts of requests, jobs, workers and PostgreSQL together. */
const stopTimeoutMs = 45_000;

/** A process sends this to a child that it wants to stop, because signals do not work for that on Windows. */
export const stopMessage = "stop";

/** `start` pushes to `cleanups` how to stop each thing. They run in reverse order at a signal, at a stop message, at a
 * failure, or when the parent process is gone; then the process ends. With `quiet`, the parent reports the stop. */
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
  process.on("message", (message) => message === stopMessage && stop(0, "requested"));
  process.on("disconnect", () => stop(0, "the parent process is gone"));
  // Without this, Node ends a cluster worker at once when its parent is gone, with requests in flight.
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
  if (reason) console.log(`\n  Stopping (${reason}): finishing requests and jobs in progress …`);
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
