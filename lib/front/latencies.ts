import type { Histogram, MetricValueWithName } from "prom-client";

const name = "tessera_request_seconds";
const help = "Duration of requests by path and status.";
const boundsSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

type Label = "path" | "status" | "le";
type Value = MetricValueWithName<Label>;

const paths = new Map<string, PathLatencies>();

/** The requests of one path, to be fetched once and kept. The path becomes a label, so it must be one of few: a path or
 * pattern of the fast lane, or a pattern for all others. */
export function latenciesOf(path: string): PathLatencies {
  const known = paths.get(path) ?? new PathLatencies(path);
  paths.set(path, known);
  return known;
}

/** prom-client's own histogram validates and joins the labels at each observation, which costs 0.5 µs; this costs some
 * increments, and prom-client writes it out (decision 1702). */
class PathLatencies {
  readonly #path: string;
  readonly #counts = new Array<Counts | undefined>(600).fill(undefined);

  constructor(path: string) {
    this.#path = path;
  }

  observe(status: number, milliseconds: number): void {
    const counts = this.#counts[status] ?? this.#add(status);
    const seconds = milliseconds / 1000;
    counts.sum += seconds;
    let index = 0;
    while (seconds > (boundsSeconds[index] ?? Number.POSITIVE_INFINITY)) index++;
    counts.within[index] = (counts.within[index] ?? 0) + 1;
  }

  #add(status: number): Counts {
    const counts = { sum: 0, within: [...boundsSeconds.map(() => 0), 0] };
    this.#counts[status] = counts;
    return counts;
  }

  values(): Value[] {
    return this.#counts.flatMap((counts, status) =>
      counts ? valuesOf(counts, { path: this.#path, status: String(status) }) : [],
    );
  }
}

interface Counts {
  sum: number;
  /** How many lie under each bound and above the one before; at the end those above all bounds. */
  within: number[];
}

function valuesOf({ sum, within }: Counts, labels: Record<"path" | "status", string>): Value[] {
  let count = 0;
  const buckets = within.map((number, index) => {
    count += number;
    return { metricName: `${name}_bucket`, labels: { ...labels, le: boundsSeconds[index] ?? "+Inf" }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}

/** The metric for a registry of prom-client, which asks it for its name and values only. */
export const requestSeconds = {
  name,
  get: async () => ({ name, help, type: "histogram", values: [...paths.values()].flatMap((path) => path.values()) }),
} as unknown as Histogram<Label>;
