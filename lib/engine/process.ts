import { type ChildProcess, fork } from "node:child_process";
import { EventEmitter } from "node:events";
import { join } from "node:path";
import type { SystemAccount } from "../system-account";
import { type EngineAnswer, parseMessage } from "./answer";

export interface Supervision {
  signal?: AbortSignal;
  onLog?: (text: string) => void;
}

/** What is sent to the process; `folder` is an absolute path. */
export interface EngineOrder {
  task: "run" | "check";
  folder: string;
}

/** `late` after the time limit. `unreached` when a process that was ready ended before it began, so that another can be
 * asked. */
export type JobOutcome = EngineAnswer | "stopped" | "late" | "died" | "unreached";

interface CurrentJob {
  hasBegun: boolean;
  onLog: Supervision["onLog"];
  finish(outcome: JobOutcome): void;
}

const jobsMax = 100;
const startMsMax = 60_000;
/** Freeing what a job used takes longer the more it used. */
const clearMsMax = 10_000;

/** A child process for jobs of one repository, one at a time. Each change of `state` emits "change". It ends with this
 * process, and does not keep it alive while it waits for a job. */
export class EngineProcess extends EventEmitter {
  state: "starting" | "ready" | "busy" | "clearing" | "ended" = "starting";
  /** When the state began, by `performance.now()`. */
  since = performance.now();
  /** The repository whose jobs it runs; null before its first job. */
  repository: string | null = null;
  jobs = 0;
  /** Whether it ended without a job and without being asked. */
  hasCrashed = false;
  readonly #child: ChildProcess;
  readonly #keptBytesMax: number;
  #job: CurrentJob | null = null;
  #bytesAtStart: number | null = null;
  #deadline: NodeJS.Timeout | undefined;

  /** After a job, the process ends if it has `keptBytesMax` more memory than after its start. */
  constructor(account: SystemAccount | null, keptBytesMax: number) {
    super();
    this.#keptBytesMax = keptBytesMax;
    // Each job of the repository that waits for it listens.
    this.setMaxListeners(0);
    this.#child = fork(program, account ? [String(account.uid), String(account.gid)] : [], {
      cwd: "/",
      env: minimalEnvironment(),
      execArgv: ["--max-old-space-size=128", "--expose-gc"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      // Ctrl-C in the server's terminal reaches its group, also before this process can ignore it.
      detached: process.platform !== "win32",
    });
    this.#child.on("message", (received) => this.#receive(received));
    this.#child.on("exit", () => this.#close());
    // It could not be started, or not be reached.
    this.#child.on("error", () => this.#close());
    this.#change("starting");
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Runs a job; the process must be `starting` or `ready`. It is killed at the time limit and when `signal` is aborted. */
  run(repository: string, order: EngineOrder, seconds: number, supervision: Supervision): Promise<JobOutcome> {
    const { signal, onLog } = supervision;
    return new Promise((resolve) => {
      const wasReady = this.state === "ready";
      const finish = (outcome: JobOutcome) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", stop);
        this.#job = null;
        resolve(outcome === "died" && wasReady && !job.hasBegun ? "unreached" : outcome);
      };
      const stop = () => this.#abandon("stopped");
      const timer = setTimeout(() => this.#abandon("late"), seconds * 1000);
      signal?.addEventListener("abort", stop);
      const job: CurrentJob = { hasBegun: false, onLog, finish };
      this.#job = job;
      this.repository = repository;
      this.jobs++;
      this.#change("busy");
      this.#child.send(order);
    });
  }

  /** Kills the process; a job that it has is `stopped`. */
  end(): void {
    this.#abandon("stopped");
  }

  #receive(received: unknown): void {
    const message = parseMessage(received);
    const job = this.#job;
    if (message === null) this.#abandon("died");
    else if ("ready" in message) this.#keepOrEnd(message.ready);
    else if (!job) return;
    else if ("begun" in message) job.hasBegun = true;
    else if ("log" in message) job.onLog?.(message.log);
    else {
      job.finish(message);
      this.#change("clearing");
    }
  }

  /** The process that a job was given to while it started says that it has started. */
  #keepOrEnd(bytes: number): void {
    this.#bytesAtStart ??= bytes;
    if (this.state !== "starting" && this.state !== "clearing") return;
    const isUsedUp = this.jobs >= jobsMax || (this.jobs > 0 && bytes > this.#bytesAtStart + this.#keptBytesMax);
    if (isUsedUp) this.end();
    else this.#change("ready");
  }

  #abandon(outcome: "stopped" | "late" | "died"): void {
    const finish = () => this.#job?.finish(outcome);
    const isRunning = this.#child.kill("SIGKILL");
    // Until it has exited, it may write into the folder of the job, which is removed next.
    if (isRunning) this.#child.once("exit", finish);
    else finish();
    this.#change("ended");
  }

  #close(): void {
    if (this.state === "ended") return;
    this.hasCrashed = this.state === "starting" || this.state === "ready";
    this.#abandon("died");
  }

  #change(state: EngineProcess["state"]): void {
    if (this.state === "ended") return;
    this.state = state;
    this.since = performance.now();
    clearTimeout(this.#deadline);
    if (state === "starting" || state === "clearing") {
      const timeoutMs = state === "starting" ? startMsMax : clearMsMax;
      this.#deadline = setTimeout(() => this.#close(), timeoutMs).unref();
    }
    for (const handle of [this.#child, this.#child.channel]) {
      if (state === "busy" || state === "clearing") handle?.ref();
      else handle?.unref();
    }
    this.emit("change");
  }
}

const program = join(/* turbopackIgnore: true */ process.cwd(), "lib/engine/child.mjs");

/** Windows needs SystemRoot to start a program. */
function minimalEnvironment(): NodeJS.ProcessEnv {
  const { SystemRoot } = process.env;
  return { NODE_ENV: "production", ...(SystemRoot === undefined ? {} : { SystemRoot }) };
}
