import cluster from "node:cluster";
import { isOutage } from "@/lib/outage";
import { asStartFailure } from "./start-failure";
import { printFailure } from "./steps";

export type Cleanup = () => Promise<unknown>;

/** Prints the failure, stops the server, and ends the process with code 1. */
export type Fail = (error: unknown) => void;

/** Longer than the timeouts of requests, jobs, workers and PostgreSQL together. */
const stopTimeoutMs = 45_000;

/** A process sends this to a child that it wants to stop, because signals do not work for that on Windows. */
export const stopMessage = "stop";

/** Runs a server process until a signal, a stop message, a failure, or the end of its parent; then stops all in reverse
 * order and ends the process. `start` pushes to `cleanups` how to stop each thing, and calls `fail` when one can no
 * longer work. `ready` is called once everything has started; `quiet` leaves printing the stop to the parent. */
export async function runUntilSignal(
  start: (cleanups: Cleanup[], fail: Fail) => Promise<void>,
  { ready = async () => {}, quiet = false }: { ready?: () => Promise<void>; quiet?: boolean } = {},
): Promise<void> {
  ignoreLostOutput();
  const cleanups: Cleanup[] = [];
  let stopping: Promise<void> | undefined;
  let hasFailed = false;
  // After a failure the reader knows it already.
  const report = (error: unknown) => {
    if (!hasFailed || !isOutage(error)) printFailure(error);
  };
  const stop = (code: number, reason?: string) => {
    stopping ??= runCleanups(cleanups, report, quiet ? undefined : reason).then((isClean) =>
      process.exit(isClean ? code : 1),
    );
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop(0, signal));
  process.on("message", (message) => message === stopMessage && stop(0, "requested"));
  process.on("disconnect", () => stop(0, "the parent process is gone"));
  // Without this, Node ends a cluster worker at once when its parent is gone, with requests in flight.
  if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;

  const fail: Fail = (error) => {
    if (!stopping) printFailure(error);
    hasFailed = true;
    stop(1);
  };
  try {
    await start(cleanups, fail);
    if (!stopping) await ready();
  } catch (error) {
    fail(asStartFailure(error));
  }
}

/** Otherwise an error of these streams, as on a full disk, would be uncaught, and Next.js would print it there again and
 * again. */
function ignoreLostOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
}

async function runCleanups(cleanups: Cleanup[], report: (error: unknown) => void, reason?: string): Promise<boolean> {
  if (reason) console.log(`\n  Stopping (${reason}): finishing requests and jobs in progress …`);
  const giveUp = setTimeout(() => process.exit(1), stopTimeoutMs);
  let isClean = true;
  for (const act of cleanups.reverse()) {
    await act().catch((error) => {
      isClean = false;
      report(error);
    });
  }
  clearTimeout(giveUp);
  if (reason) console.log("  Stopped.\n");
  return isClean;
}
