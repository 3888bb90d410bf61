import { Refusal } from "../errors";
import type { SystemAccount } from "../system-account";
import { engineAccount } from "./account";
import { enginePool } from "./pool";
import type { Supervision } from "./process";

export interface BoundValue {
  type: "text" | "integer" | "number" | "choice" | "boolean" | "date";
  value: string | number | boolean | null;
}

export interface EngineLimits {
  memoryMb: number;
  seconds: number;
  outputMb: number;
}

/** Paths are absolute. The query reads only files in `folder`, by names relative to it; `result` is outside of it. */
export interface QueryOrder {
  sql: string;
  /** The keys are parameter names in upper case; dates are `YYYY-MM-DD`. */
  values: Record<string, BoundValue>;
  format: "geojson" | "json" | "csv" | "parquet";
  folder: string;
  result: string;
  limits: EngineLimits;
  /** The process runs jobs of this repository only. */
  repositoryId: string;
  /** The account of the process, which owns the folders of `folder` and `result`. Null is that of the server. */
  account?: SystemAccount | null;
}

export type QueryOutcome = { rows: number; bytes: number } | { refused: string } | "stopped";

/** The process is confined to the folder and may use 256 MB besides `memoryMb`. `refused` is for the user to read. */
export async function runQuery(order: QueryOrder, supervision: Supervision = {}): Promise<QueryOutcome> {
  const { limits, repositoryId, account = null, ...query } = order;
  const message = { task: "run", ...query, ...limitsFor(limits) } as const;
  const outcome = await enginePool(account).run(repositoryId, message, limits.seconds, supervision);
  if (outcome === "stopped") return outcome;
  if (outcome === "late") return { refused: `The query exceeded the time limit of ${limits.seconds} s.` };
  if (outcome === "died") return { refused: "The engine stopped unexpectedly. The query may need more memory." };
  if ("refused" in outcome) return { refused: reasonOf(outcome.refused, limits) };
  if ("rows" in outcome) return outcome;
  throw new Error("The engine answered a run with something else.");
}

export interface WorkspaceSource {
  /** YAML of at most 64 kB. */
  header: string;
  headerLine: number;
  sql: string;
}

/** Lines are those of the file, from 1; `lines` has one for each place of the header, such as `parameters.0.type`. */
export type CheckedSource =
  | {
      header: unknown;
      lines: Record<string, number>;
      query: { parameters: { name: string; line?: number }[] } | { refused: string; line?: number };
    }
  | { refused: string; place: "header" | "query"; line?: number };

/** Parses a header and a query, without running it, in a process for checks. `folder` is an absolute path without secrets.
 * Refuses `unavailable` when the process is killed or too slow. */
export async function checkSource(source: WorkspaceSource, folder: string): Promise<CheckedSource> {
  const limits = { memoryMb: 64, seconds: 10, outputMb: 1 };
  const pool = enginePool(await engineAccount());
  const message = { task: "check", ...source, folder, result: `${folder}/none`, ...limitsFor(limits) } as const;
  const outcome = await pool.run(forChecks, message, limits.seconds);
  if (typeof outcome === "string") throw notChecked(outcome);
  if ("refused" in outcome) {
    return {
      refused: reasonOf(outcome.refused, limits),
      place: outcome.refused.code === "header" ? "header" : "query",
      line: outcome.refused.line,
    };
  }
  if ("query" in outcome) return outcome;
  throw new Error("The engine answered a check with something else.");
}

/** The limits of a header and a query keep a check far below its own, so that the machine is the reason. */
const notChecked = (outcome: string) =>
  new Refusal("unavailable", "The workspace could not be checked now. Try again in a moment.", {
    headers: { "Retry-After": "5" },
    cause: new Error(`the engine was ${outcome === "late" ? "too slow" : "ended"} during a check`),
  });

/** No repository has this id. */
const forChecks = "checks";

const limitsFor = ({ memoryMb, outputMb }: EngineLimits) => ({
  memoryMb,
  outputBytes: outputMb * 1_000_000,
  threads: 2,
});

function reasonOf({ code, message }: { code: string; message: string }, { memoryMb, outputMb }: EngineLimits): string {
  if (code === "memory") return `The query exceeded the memory limit of ${memoryMb} MB.`;
  if (code === "output") return `The result exceeded the size limit of ${outputMb} MB.`;
  return message;
}
