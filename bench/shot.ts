/** A load for autocannon. */
export interface Shot {
  url: string;
  headers: Record<string, string>;
  connections: number;
  seconds: number;
}

/** The figures of autocannon: latencies in whole milliseconds, and how many requests were not answered 2xx. */
export interface ShotFigures {
  requests: number;
  perSecond: number;
  p50: number;
  p99: number;
  failures: number;
}
