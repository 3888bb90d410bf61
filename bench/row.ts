/** A line of the table. Figures that were not measured are missing. */
export interface Row {
  title: string;
  /** Requests or pages per second. */
  perSecond?: number;
  /** The share of the throughput of plain `node:http` in the same run. */
  ofRaw?: number;
  /** Milliseconds. */
  p50?: number;
  p99?: number;
  /** Processor time in microseconds per request, of the server's processes and of PostgreSQL's. */
  cpu?: number;
  databaseCpu?: number;
  /** Another figure, with its unit. */
  figure?: string;
  verdicts?: Verdict[];
  /** Its ratios to other servers in the same run, for the README's table. */
  comparisons?: Compared[];
  /** What a reader must know to understand the figures. */
  note?: string;
  /** The single runs, for the result file. */
  runs?: object[];
}

/** A budget (design section 10) and whether it is met. */
export interface Verdict {
  /** Such as `p99 ≤ 5 ms`. */
  budget: string;
  measured: number;
  isMet: boolean;
}

/** A ratio to the figure of another server, with its limit if there is a budget. */
export interface Compared {
  what: string;
  beside: string;
  ratio: number;
  is?: Budget["is"];
  limit?: number;
}

/** The limit of a measured figure. */
export interface Budget {
  what: string;
  is: "≥" | "≤";
  limit: number;
  unit: string;
}

/** Compares a measured figure with its budget. */
export function judge({ what, is, limit, unit }: Budget, measured: number): Verdict {
  const isMet = is === "≥" ? measured >= limit : measured <= limit;
  return { budget: `${what} ${is} ${limit} ${unit}`.trimEnd(), measured, isMet };
}
