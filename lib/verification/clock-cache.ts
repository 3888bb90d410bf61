interface Kept {
  /** Set by each read, and cleared when the hand passes. */
  referenced: boolean;
}

/** After passing this many referenced entries, the hand evicts one all the same, so that an insertion never takes long. */
const passedOverMax = 64;

/**
 * A map with a limited number of entries that evicts by the clock algorithm ("second chance", F. J. Corbató, 1968): a hand goes
 * round the entries, clears the mark of those that were read since its last visit, and evicts the first without a mark. A read
 * moves nothing, and the cost does not grow with the size. Evicting the first entry of a JavaScript Map each time would grow,
 * because deleted entries leave a gap at the start. `lru-cache` is slower here; docs/dependencies.md has the figures.
 */
export class ClockCache<Value extends Kept> {
  readonly #entries = new Map<string, Value>();
  #hand: Iterator<[string, Value]> | undefined;
  /** The entries left in this round. Entries added since its start are left for the next one. */
  #left = 0;

  constructor(readonly capacity: number) {}

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Value | undefined {
    const value = this.#entries.get(key);
    if (value) value.referenced = true;
    return value;
  }

  /** @returns the entry that was evicted, if any. */
  set(key: string, value: Value): Value | undefined {
    const isFull = this.#entries.size >= this.capacity && !this.#entries.has(key);
    const evicted = isFull ? this.#evict() : undefined;
    this.#entries.set(key, value);
    return evicted;
  }

  /** @returns the entry that was deleted, if any. */
  delete(key: string): Value | undefined {
    const value = this.#entries.get(key);
    this.#entries.delete(key);
    return value;
  }

  values(): Iterable<Value> {
    return this.#entries.values();
  }

  clear(): void {
    this.#entries.clear();
    // An iterator of a cleared Map would keep its former entries in memory.
    this.#hand = undefined;
    this.#left = 0;
  }

  #evict(): Value {
    for (let passedOver = 0; ; passedOver++) {
      const [key, value] = this.#next();
      if (value.referenced && passedOver < passedOverMax) {
        value.referenced = false;
      } else {
        this.#entries.delete(key);
        return value;
      }
    }
  }

  #next(): [string, Value] {
    const next = this.#left > 0 ? this.#hand?.next() : undefined;
    if (next && !next.done) {
      this.#left--;
      return next.value;
    }
    this.#hand = this.#entries.entries();
    this.#left = this.#entries.size - 1;
    return this.#hand.next().value as [string, Value];
  }
}
