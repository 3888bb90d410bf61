/** Counts values by upper bounds, for Prometheus. */
export class Histogram {
  count = 0;
  sum = 0;
  /** The number of values up to each bound and above the previous one. */
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

  /** The lines in Prometheus's text format. @param labels such as `path="/metrics"`; may be empty. */
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
