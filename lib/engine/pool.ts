import { once } from "node:events";
import { minutes } from "../clock";
import { env } from "../env";
import { log } from "../log";
import { perProcess } from "../per-process";
import type { SystemAccount } from "../system-account";
import { engineAccount } from "./account";
import { type EngineOrder, EngineProcess, type JobOutcome, type Supervision } from "./process";

interface PoolSettings {
  /** How many processes are ready at rest. */
  rest: number;
  /** More than that are kept for jobs in a row: so many, for `surplusMs` after their last job. */
  surplus: number;
  surplusMs?: number;
  /** A process without a job for this long ends, down to one. */
  idleMs?: number;
  /** The pause after a process ended without a job; it doubles with each in a row. */
  pauseMs?: number;
  /** A process that keeps more memory of a job than this ends. */
  keptMbMax?: number;
}

const pauseMsMax = minutes(1);

/** Processes of one account. A job gets the process that ran the last job of its repository, else one that has run none.
 * Once started, the pool starts processes ahead of demand. */
export class EnginePool {
  readonly #account: SystemAccount | null;
  readonly #settings: Required<PoolSettings>;
  readonly #members = new Set<EngineProcess>();
  #state: "on demand" | "started" | "stopped" = "on demand";
  /** How many processes there should be; demand raises it to `rest`. */
  #wanted: number;
  #crashes = 0;
  #mayStartAt = 0;
  #isBalanceDue = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(account: SystemAccount | null, settings: PoolSettings) {
    this.#account = account;
    this.#settings = { surplusMs: 10_000, idleMs: minutes(10), pauseMs: 1_000, keptMbMax: 40, ...settings };
    this.#wanted = settings.rest;
  }

  get members(): readonly EngineProcess[] {
    return [...this.#members];
  }

  start(): void {
    this.#state = "started";
    this.#balance();
  }

  /** Ends the processes, those with a job after it. Jobs that come later get processes of their own. */
  stop(): void {
    this.#state = "stopped";
    this.#balance();
  }

  async run(repository: string, order: EngineOrder, timeoutSeconds: number, supervision: Supervision = {}) {
    let outcome: JobOutcome = "unreached";
    while (outcome === "unreached") {
      await this.#cleared(repository);
      if (supervision.signal?.aborted) return "stopped";
      outcome = await this.#choose(repository).run(repository, order, timeoutSeconds, supervision);
    }
    if (typeof outcome === "object") this.#crashes = 0;
    return outcome;
  }

  /** Waits for a process of the repository that has just answered: that takes less than starting another. */
  async #cleared(repository: string): Promise<void> {
    for (;;) {
      const own = this.members.filter((member) => member.repository === repository);
      const clearing = own.find(({ state }) => state === "clearing");
      if (!clearing || own.some(({ state }) => state === "ready")) return;
      await once(clearing, "change");
    }
  }

  #choose(repository: string): EngineProcess {
    const ready = this.#inState("ready").sort(byLastUse);
    const own = ready.findLast((member) => member.repository === repository);
    if (own) return own;
    this.#wanted = this.#settings.rest;
    return ready.find(isBlank) ?? this.#inState("starting").find(isBlank) ?? this.#add();
  }

  #inState(state: EngineProcess["state"]): EngineProcess[] {
    return this.members.filter((member) => member.state === state);
  }

  #add(): EngineProcess {
    const added = new EngineProcess(this.#account, this.#settings.keptMbMax * 1_048_576);
    this.#members.add(added);
    added.on("change", () => {
      if (added.state === "ended") this.#remove(added);
      this.#balanceSoon();
    });
    return added;
  }

  #remove(ended: EngineProcess): void {
    this.#members.delete(ended);
    if (ended.hasCrashed) this.#pause({ pid: ended.pid });
  }

  /** The system refuses a process when it has no memory for one. */
  #startAhead(): void {
    try {
      this.#add();
    } catch (error) {
      this.#pause({ err: error });
    }
  }

  #pause(cause: object): void {
    const pauseMs = Math.min(this.#settings.pauseMs * 2 ** this.#crashes++, pauseMsMax);
    this.#mayStartAt = performance.now() + pauseMs;
    log.warn({ ...cause, pauseMs }, "a process of the engine ended without a job, or could not be started");
  }

  /** Once for all changes that follow each other. */
  #balanceSoon(): void {
    if (this.#isBalanceDue) return;
    this.#isBalanceDue = true;
    queueMicrotask(() => {
      this.#isBalanceDue = false;
      this.#balance();
    });
  }

  #balance(): void {
    if (this.#state === "stopped") {
      for (const member of this.members) if (member.state !== "busy") member.end();
      return;
    }
    this.#endUnused();
    if (this.#state === "started" && this.#needsAnother()) this.#startAhead();
    clearTimeout(this.#timer);
    const waitMs = this.#untilNextBalanceMs();
    if (Number.isFinite(waitMs)) this.#timer = setTimeout(() => this.#balance(), Math.ceil(waitMs) + 1).unref();
  }

  /** One process starts at a time, so that jobs in progress keep the processor. */
  #needsAnother(): boolean {
    if (this.#inState("starting").length > 0 || performance.now() < this.#mayStartAt) return false;
    const needsBlank = this.#settings.rest > 1 && !this.members.some(isBlank);
    return this.#members.size < this.#wanted || needsBlank;
  }

  #endUnused(): void {
    const now = performance.now();
    for (const member of this.#endable()) {
      if (now - member.since < this.#idleMsOf(member)) continue;
      const isSurplus = this.#hasSurplus();
      member.end();
      if (!isSurplus) this.#wanted = Math.min(this.#wanted, this.#members.size);
    }
  }

  /** Those that were not used for the longest time come first. One blank process stays. */
  #endable(): EngineProcess[] {
    const ready = this.#inState("ready").sort(byLastUse);
    return [...ready.filter((member) => !isBlank(member)), ...ready.filter(isBlank).slice(1)];
  }

  /** How long a process may be ready, in the present state of the others. */
  #idleMsOf(member: EngineProcess): number {
    const { surplus, surplusMs, idleMs } = this.#settings;
    const ready = this.#inState("ready").length;
    if (ready > this.#wanted + surplus && !isBlank(member)) return 0;
    if (this.#hasSurplus()) return surplusMs;
    return ready > 1 ? idleMs : Number.POSITIVE_INFINITY;
  }

  #hasSurplus(): boolean {
    return this.#inState("ready").length > this.#wanted;
  }

  #untilNextBalanceMs(): number {
    const now = performance.now();
    const waits = this.#endable().map((member) => member.since + this.#idleMsOf(member) - now);
    return Math.min(...waits, ...(this.#mayStartAt > now ? [this.#mayStartAt - now] : []));
  }
}

const isBlank = ({ repository }: EngineProcess) => repository === null;

const byLastUse = (a: EngineProcess, b: EngineProcess) => a.since - b.since;

const pools = perProcess("engine pools", () => new Map<number | null, EnginePool>());

/** The pool of an account. A server uses one. */
export function enginePool(account: SystemAccount | null): EnginePool {
  const key = account?.uid ?? null;
  const { engines, jobConcurrency } = env();
  const pool = pools().get(key) ?? new EnginePool(account, { rest: engines, surplus: jobConcurrency });
  pools().set(key, pool);
  return pool;
}

/** Starts processes ahead of the first job. */
export async function startEngines(): Promise<void> {
  enginePool(await engineAccount()).start();
}

export function stopEngines(): void {
  for (const pool of pools().values()) pool.stop();
}
