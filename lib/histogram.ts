/** Counts how many values lie under each of some bounds, for Prometheus. */
export class Histogram {
  count = 0;
  sum = 0;
  /** How many lie under each bound and above the one before. */
  readonly #within: number[];

  /** @param bounds in ascending order. */
  constructor(readonly bounds: readonly number[]) {
    this.#within = bounds.map(() => 0);
  }

  add(value: number): void {
    this.count++;
    this.sum += value;
    for (let index = 0; index < this.bounds.length; index++) {
      if (value > (this.bounds[index] ?? 0)) continue;
      this.#within[index] = (this.#within[index] ?? 0) + 1;
      return;
    }
  }

  /** Its lines in the text format of Prometheus. @param labels such as `path="/metrics"`; may be empty. */
  lines(name: string, labels = ""): string[] {
    const also = labels && `${labels},`;
    let below = 0;
    const buckets = this.bounds.map((bound, index) => {
      below += this.#within[index] ?? 0;
      return `${name}_bucket{${also}le="${bound}"} ${below}`;
    });
    const whole = labels && `{${labels}}`;
    return [
      ...buckets,
      `${name}_bucket{${also}le="+Inf"} ${this.count}`,
      `${name}_sum${whole} ${this.sum}`,
      `${name}_count${whole} ${this.count}`,
    ];
  }
}
