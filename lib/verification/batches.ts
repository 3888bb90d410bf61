interface Limits {
  /** Batches under way at the same moment. */
  atOnce: number;
  /** Items in one batch. */
  largest: number;
}

/**
 * Serves together what is asked in one turn of the event loop. While as many batches as may be are under way, what comes
 * waits and makes the next one. Each batch begins after its last item has come.
 */
export class Batches<T> {
  #waiting: T[] = [];
  #underWay = 0;
  #isPlanned = false;
  readonly #serve: (batch: readonly T[]) => Promise<void>;
  readonly #limits: Limits;

  /** @param serve answers every item of a batch, also with failures: it does not reject. */
  constructor(serve: (batch: readonly T[]) => Promise<void>, limits: Limits) {
    this.#serve = serve;
    this.#limits = limits;
  }

  add(item: T): void {
    this.#waiting.push(item);
    if (this.#isPlanned || this.#underWay >= this.#limits.atOnce) return;
    this.#isPlanned = true;
    setImmediate(() => {
      this.#isPlanned = false;
      this.#begin();
    });
  }

  #begin(): void {
    while (this.#waiting.length > 0 && this.#underWay < this.#limits.atOnce) {
      const batch = this.#waiting;
      this.#waiting = batch.splice(this.#limits.largest);
      this.#underWay++;
      this.#serve(batch).finally(() => {
        this.#underWay--;
        this.#begin();
      });
    }
  }
}
