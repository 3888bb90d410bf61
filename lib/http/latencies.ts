const bounds = [0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1_000];

/** How long the answers to one path with one status took. */
class Series {
  count = 0;
  sumMs = 0;
  /** How many fell under each bound and above the one before. */
  readonly within = bounds.map(() => 0);

  add(milliseconds: number): void {
    this.count++;
    this.sumMs += milliseconds;
    for (let index = 0; index < bounds.length; index++) {
      if (milliseconds > (bounds[index] ?? 0)) continue;
      this.within[index] = (this.within[index] ?? 0) + 1;
      return;
    }
  }
}

/** By path, then by status. */
const answers = new Map<string, Map<number, Series>>();

/** Counts an answer of the fast lane. */
export function observe(path: string, status: number, milliseconds: number): void {
  (answers.get(path)?.get(status) ?? newSeries(path, status)).add(milliseconds);
}

function newSeries(path: string, status: number): Series {
  const ofPath = answers.get(path) ?? new Map<number, Series>();
  const series = new Series();
  answers.set(path, ofPath.set(status, series));
  return series;
}

/** The histograms, in the text format of Prometheus. */
export function latencyLines(): string[] {
  const name = "tessera_request_seconds";
  const lines = [`# HELP ${name} Answers of the fast lane.`, `# TYPE ${name} histogram`];
  for (const [path, ofPath] of answers) {
    for (const [status, { count, sumMs, within }] of ofPath) {
      const labels = `path="${path}",status="${status}"`;
      let sum = 0;
      for (const [index, bound] of bounds.entries()) {
        sum += within[index] ?? 0;
        lines.push(`${name}_bucket{${labels},le="${bound / 1000}"} ${sum}`);
      }
      lines.push(`${name}_bucket{${labels},le="+Inf"} ${count}`);
      lines.push(`${name}_sum{${labels}} ${sumMs / 1000}`, `${name}_count{${labels}} ${count}`);
    }
  }
  return lines;
}
