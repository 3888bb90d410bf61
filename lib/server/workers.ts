import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { stopMessage } from "./run-until-signal";
import { CannotStart, note, printFailure } from "./steps";

/** In the environment of a process that this one started: which of them it is, from 1. */
export const workerNumber = "WEB_PROCESS";

const delayMinMs = 500;
const delayMaxMs = 30_000;
/** Who has lived so long did not die of its start. */
const stableAfterMs = 60_000;
const stopTimeoutMs = 35_000;

/**
 * This very program, several times more, to serve one port together: each takes connections for itself.
 * A process that ends is started again; the longer it keeps dying at once, the later.
 */
export class Workers {
  readonly #members = new Map<number, Worker>();
  readonly #restarts = new Set<NodeJS.Timeout>();
  #isStopping = false;

  /**
   * Resolves once all of them serve.
   *
   * @returns their process ids.
   * @throws CannotStart when one of them ends before that. It has printed why.
   */
  async start(count: number): Promise<number[]> {
    // Handing connections round would lose those that were on their way to a process when it was killed.
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    const workers = await Promise.all(numbers.map((number) => this.#startOne(number)));
    for (const [index, worker] of workers.entries()) this.#watch(index + 1, worker);
    return workers.map(({ process: { pid = 0 } }) => pid);
  }

  /** Asks all of them to stop, waits until they have, and kills those that do not. */
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

  /** Resolves once the process serves. */
  async #startOne(number: number): Promise<Worker> {
    const worker = cluster.fork({ [workerNumber]: String(number) });
    this.#members.set(number, worker);
    const ended = once(worker, "exit").then(() => {
      throw new CannotStart(`Process ${number} ended before it could serve.`);
    });
    await Promise.race([once(worker, "listening"), ended]);
    return worker;
  }

  /** Starts the process again whenever it ends. `deaths` is how often it died young in a row. */
  #watch(number: number, worker: Worker, deaths = 0): void {
    const began = performance.now();
    const onEnd = () => {
      if (this.#isStopping) return;
      const { exitCode, signalCode } = worker.process;
      const again = performance.now() - began < stableAfterMs ? deaths : 0;
      const delayMs = Math.min(delayMinMs * 2 ** again, delayMaxMs);
      note("Server", `process ${number} ended (${signalCode ?? exitCode}); it starts again in ${delayMs / 1000} s`);
      const restart = setTimeout(() => {
        this.#restarts.delete(restart);
        this.#startAgain(number, again + 1);
      }, delayMs);
      this.#restarts.add(restart);
    };
    if (worker.isDead()) onEnd();
    else worker.once("exit", onEnd);
  }

  #startAgain(number: number, deaths: number): void {
    this.#startOne(number).then(
      (worker) => {
        note("Server", `process ${number} serves again (${worker.process.pid})`);
        this.#watch(number, worker, deaths);
      },
      (error) => {
        if (this.#isStopping) return;
        printFailure(error);
        const worker = this.#members.get(number);
        if (worker) this.#watch(number, worker, deaths);
      },
    );
  }
}
