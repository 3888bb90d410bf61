/** Something that can be kept for as long as it is asked for. */
interface Kept {
  /** Since it was last considered for leaving. */
  referenced: boolean;
}

/** So many that were asked for are passed over, then one goes all the same: no entry may take long to come in. */
const passedOverMax = 64;

/**
 * A map that holds so many entries at most. For one too many another goes that was not asked for lately: a hand walks round
 * the entries, passes over those that were asked for since it came by, and takes the first that was not ("second chance", F. J.
 * Corbató, 1968). Nothing moves when it is asked for, and no entry costs more among a million than among ten. To take the
 * first of a JavaScript Map every time would: it stands behind a gap that grows with each that left. `lru-cache` is slower here:
 * docs/dependencies.md has the figures.
 */
export class ClockCache<Value extends Kept> {
  readonly #entries = new Map<string, Value>();
  #hand: Iterator<[string, Value]> | undefined;
  /** How many the hand has still to look at in this round: not those that came in since it began, or it would run after them. */
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

  /** @returns what had to go for it. */
  set(key: string, value: Value): Value | undefined {
    const isFull = this.#entries.size >= this.capacity && !this.#entries.has(key);
    const gone = isFull ? this.#takeOne() : undefined;
    this.#entries.set(key, value);
    return gone;
  }

  /** @returns what was there. */
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
    // A hand on a Map that was emptied holds on to all that was in it.
    this.#hand = undefined;
    this.#left = 0;
  }

  #takeOne(): Value {
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
