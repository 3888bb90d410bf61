import { perProcess } from "../per-process";
import type { ClaimedJob } from "./transitions";

export type StartJob = (job: ClaimedJob) => void;

interface Worker {
  /** Returns null when no slot is free. */
  lendSlot<T>(work: (start: StartJob) => Promise<T>): Promise<T> | null;
  /** Says that a job was queued. */
  wake(): void;
}

const workers = perProcess("job workers", () => new Set<Worker>());

/** Lets the worker start jobs that are submitted in this process, until the returned function is called. */
export function offerSlots(worker: Worker): () => void {
  workers().add(worker);
  return () => workers().delete(worker);
}

/** Does work that holds a free slot of this process, and may start one job in it. `start` is null when none is free. */
export function withSlot<T>(work: (start: StartJob | null) => Promise<T>): Promise<T> {
  for (const worker of workers()) {
    const lent = worker.lendSlot(work);
    if (lent) return lent;
  }
  return work(null);
}

export function wakeWorkers(): void {
  for (const worker of workers()) worker.wake();
}

/** Counts the slots that jobs, submissions and claims hold. `start` gets a job and what frees its slot, which may be called
 * twice. */
export class Slots {
  #taken = 0;
  readonly #lent = new Set<Promise<unknown>>();

  constructor(
    private readonly max: () => number,
    private readonly start: (job: ClaimedJob, free: () => void) => void,
  ) {}

  /** Does work that may start one job in a free slot. Returns null when none is free. */
  lend<T>(work: (start: StartJob) => Promise<T>): Promise<T> | null {
    if (this.#taken >= this.max()) return null;
    const free = this.#take();
    let isUsed = false;
    const lent = work((job) => {
      isUsed = true;
      this.start(job, free);
    }).finally(() => {
      this.#lent.delete(lent);
      if (!isUsed) free();
    });
    this.#lent.add(lent);
    return lent;
  }

  /** Resolves when all that was lent is free or has a job. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#lent);
  }

  #take(): () => void {
    this.#taken++;
    let isTaken = true;
    return () => {
      if (isTaken) this.#taken--;
      isTaken = false;
    };
  }
}
