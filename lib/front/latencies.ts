import { Histogram } from "../histogram";

const boundsSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

/** By path, then by status. */
const answers = new Map<string, Map<number, Histogram>>();

/**
 * Counts an answer and how long it took.
 *
 * @param path one of few: a path of the fast lane, or a pattern for all the others.
 */
export function observe(path: string, status: number, milliseconds: number): void {
  (answers.get(path)?.get(status) ?? newHistogram(path, status)).add(milliseconds / 1000);
}

function newHistogram(path: string, status: number): Histogram {
  const ofPath = answers.get(path) ?? new Map<number, Histogram>();
  const histogram = new Histogram(boundsSeconds);
  answers.set(path, ofPath.set(status, histogram));
  return histogram;
}

/** The histograms, in the text format of Prometheus. */
export function latencyLines(): string[] {
  const name = "tessera_request_seconds";
  const lines = [`# HELP ${name} Requests by path and status.`, `# TYPE ${name} histogram`];
  for (const [path, ofPath] of answers) {
    for (const [status, histogram] of ofPath) lines.push(...histogram.lines(name, `path="${path}",status="${status}"`));
  }
  return lines;
}
