interface Limits {
  concurrent: number;
  sizeMax: number;
}

/** Batches the items of one turn of the event loop, or more while it is busy. A batch starts after its last item. */
export class Batcher<T> {
  #waiting: T[] = [];
  #running = 0;
  #isScheduled = false;
  readonly #serve: (batch: readonly T[]) => Promise<void>;
  readonly #limits: Limits;

  /** @param serve answers each item of a batch, failures included, and never rejects. */
  constructor(serve: (batch: readonly T[]) => Promise<void>, limits: Limits) {
    this.#serve = serve;
    this.#limits = limits;
  }

  add(item: T): void {
    this.#waiting.push(item);
    if (this.#isScheduled || this.#running >= this.#limits.concurrent) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#start();
    });
  }

  #start(): void {
    while (this.#waiting.length > 0 && this.#running < this.#limits.concurrent) {
      const batch = this.#waiting;
      this.#waiting = batch.splice(this.#limits.sizeMax);
      this.#running++;
      this.#serve(batch).finally(() => {
        this.#running--;
        this.#start();
      });
    }
  }
}
