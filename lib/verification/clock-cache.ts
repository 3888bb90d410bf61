interface Entry {
  referenced: boolean;
}

/** After this number of referenced entries the eviction removes one anyway, so that `set` never takes long. */
const skippedMax = 64;

/** A map of limited size with the clock algorithm (F. J. Corbató, 1968). Evicting the first entry of a Map gets slower,
 * because deleted entries leave a gap before it; `lru-cache` is slower too (docs/dependencies.md). */
export class ClockCache<Value extends Entry> {
  readonly #entries = new Map<string, Value>();
  #hand: Iterator<[string, Value]> | undefined;
  /** Entries that the hand has left in this round, without those that were added during it. */
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

  /** Returns the evicted entry. */
  set(key: string, value: Value): Value | undefined {
    const isFull = this.#entries.size >= this.capacity && !this.#entries.has(key);
    const evicted = isFull ? this.#evict() : undefined;
    this.#entries.set(key, value);
    return evicted;
  }

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
    // The iterator of a cleared Map would keep all its former entries in memory.
    this.#hand = undefined;
    this.#left = 0;
  }

  #evict(): Value {
    for (let skipped = 0; ; skipped++) {
      const [key, value] = this.#advance();
      if (value.referenced && skipped < skippedMax) {
        value.referenced = false;
      } else {
        this.#entries.delete(key);
        return value;
      }
    }
  }

  #advance(): [string, Value] {
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
