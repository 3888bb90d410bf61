/** One line of the table. What was not measured is left out. */
export interface Row {
  title: string;
  /** Requests or pages per second. */
  perSecond?: number;
  /** Of what plain `node:http` did in the same run. */
  ofRaw?: number;
  /** Milliseconds. */
  p50?: number;
  p99?: number;
  /** Microseconds per request: of the server's processes, and of PostgreSQL's. */
  cpu?: number;
  databaseCpu?: number;
  /** A figure of another kind, with its unit. */
  figure?: string;
  verdicts?: Verdict[];
  /** What a reader must know to read the figures rightly. */
  note?: string;
  /** The single runs, for the file. */
  runs?: object[];
}

/** A budget (design section 10) and what came of it. */
export interface Verdict {
  /** Such as `p99 ≤ 5 ms`. */
  budget: string;
  measured: number;
  isMet: boolean;
}

/** A limit that is written down once and asked by the section that measures it. */
export interface Budget {
  what: string;
  is: "≥" | "≤";
  limit: number;
  unit: string;
}

/** Holds a measured figure against its budget. */
export function judge({ what, is, limit, unit }: Budget, measured: number): Verdict {
  const isMet = is === "≥" ? measured >= limit : measured <= limit;
  return { budget: `${what} ${is} ${limit} ${unit}`.trimEnd(), measured, isMet };
}
