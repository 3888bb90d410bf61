import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { stopMessage } from "./run-until-signal";
import { CannotStart, note, printFailure } from "./steps";

export const workerNumberVariable = "WEB_PROCESS";

const delayMinMs = 500;
const delayMaxMs = 30_000;
/** A worker that ran this long ended for another reason than its start. */
const stableAfterMs = 60_000;
const stopTimeoutMs = 35_000;

/** A worker that ends is restarted. When it keeps ending soon after its start, the delay doubles each time. */
export class Workers {
  readonly #members = new Map<number, Worker>();
  readonly #restarts = new Set<NodeJS.Timeout>();
  #isStopping = false;

  /** Returns the process ids once all listen. Throws CannotStart when one ends earlier; it has printed the reason. */
  async start(count: number): Promise<number[]> {
    // With round-robin scheduling, connections on their way to a worker are lost when it is killed.
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    const workers = await Promise.all(numbers.map((number) => this.#startOne(number)));
    for (const [index, worker] of workers.entries()) this.#watch(index + 1, worker);
    return workers.map(({ process: { pid = 0 } }) => pid);
  }

  /** Asks all workers to stop, waits for them, and kills those that take too long. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const restart of this.#restarts) clearTimeout(restart);
    const alive = [...this.#members.values()].filter((worker) => !worker.isDead());
    const kill = setTimeout(() => {
      for (const worker of alive) worker.process.kill("SIGKILL");
    }, stopTimeoutMs);
    await Promise.all(
      alive.map((worker) => {
        const ended = once(worker, "exit");
        if (worker.isConnected()) worker.send(stopMessage);
        return ended;
      }),
    );
    clearTimeout(kill);
  }

  async #startOne(number: number): Promise<Worker> {
    const worker = cluster.fork({ [workerNumberVariable]: String(number) });
    this.#members.set(number, worker);
    const ended = once(worker, "exit").then(() => {
      throw new CannotStart(`Process ${number} stopped before it was ready.`);
    });
    await Promise.race([once(worker, "listening"), ended]);
    return worker;
  }

  /** `failures` counts how often in a row the worker ended before it was stable. */
  #watch(number: number, worker: Worker, failures = 0): void {
    const began = performance.now();
    const onExit = () => {
      if (this.#isStopping) return;
      const { exitCode, signalCode } = worker.process;
      const failedBefore = performance.now() - began < stableAfterMs ? failures : 0;
      const delayMs = Math.min(delayMinMs * 2 ** failedBefore, delayMaxMs);
      note("Server", `process ${number} stopped (${signalCode ?? exitCode}), restarting in ${delayMs / 1000} s`);
      const restart = setTimeout(() => {
        this.#restarts.delete(restart);
        this.#restart(number, failedBefore + 1);
      }, delayMs);
      this.#restarts.add(restart);
    };
    if (worker.isDead()) onExit();
    else worker.once("exit", onExit);
  }

  #restart(number: number, failures: number): void {
    this.#startOne(number).then(
      (worker) => {
        note("Server", `process ${number} restarted (${worker.process.pid})`);
        this.#watch(number, worker, failures);
      },
      (error) => {
        if (this.#isStopping) return;
        printFailure(error);
        const worker = this.#members.get(number);
        if (worker) this.#watch(number, worker, failures);
      },
    );
  }
}
