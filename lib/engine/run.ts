import { fork } from "node:child_process";
import { join } from "node:path";
import { Refusal } from "../errors";
import type { SystemAccount } from "../system-account";
import { engineAccount } from "./account";
import { type EngineAnswer, parseMessage } from "./answer";

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
  /** The process changes to this account, which owns the folders of `folder` and `result`. Null keeps that of the server. */
  account?: SystemAccount | null;
}

export type QueryOutcome = { rows: number; bytes: number } | { refused: string } | "stopped";

interface Supervision {
  signal?: AbortSignal;
  onLog?: (text: string) => void;
}

/** The process is confined to the folder and may use 256 MB besides `memoryMb`. `refused` is for the user to read. */
export async function runQuery(order: QueryOrder, supervision: Supervision = {}): Promise<QueryOutcome> {
  const { limits, ...query } = order;
  const message = { task: "run", ...query, ...limitsFor(limits) };
  const outcome = await supervise(message, order.folder, limits.seconds, supervision);
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

export type CheckedSource =
  | { header: unknown; query: { parameters: string[] } | { refused: string } }
  | { refused: string; place: "header" | "query" };

/** Parses a header and a query, without running it, in a process in `folder`, an absolute path without secrets. Refuses
 * `unavailable` when the process is killed or too slow. */
export async function checkSource(source: WorkspaceSource, folder: string): Promise<CheckedSource> {
  const limits = { memoryMb: 64, seconds: 10, outputMb: 1 };
  const account = await engineAccount();
  const message = { task: "check", ...source, folder, result: `${folder}/none`, ...limitsFor(limits), account };
  const outcome = await supervise(message, folder, limits.seconds);
  if (typeof outcome === "string") throw notChecked(outcome);
  if ("refused" in outcome) {
    return {
      refused: reasonOf(outcome.refused, limits),
      place: outcome.refused.code === "header" ? "header" : "query",
    };
  }
  if ("query" in outcome) return outcome;
  throw new Error("The engine answered a check with something else.");
}

/** The limits of a header and a query keep a check far below its own, so that the machine is the reason. */
const notChecked = (outcome: "stopped" | "late" | "died") =>
  new Refusal("unavailable", "The workspace could not be checked now. Try again in a moment.", {
    headers: { "Retry-After": "5" },
    cause: new Error(`the engine ${outcome === "late" ? "was too slow" : "was ended"} during a check`),
  });

function supervise(message: object, folder: string, seconds: number, { signal, onLog }: Supervision = {}) {
  return new Promise<EngineAnswer | "stopped" | "late" | "died">((resolve, reject) => {
    if (signal?.aborted) return resolve("stopped");
    const child = fork(program, {
      cwd: folder,
      env: minimalEnvironment(),
      execArgv: ["--max-old-space-size=128"],
      stdio,
      // In the server's group of processes, Ctrl-C in a terminal would reach it too, before the server has finished its jobs.
      detached: process.platform !== "win32",
    });
    let outcome: EngineAnswer | "stopped" | "late" | "died" | null = null;
    const end = (given: NonNullable<typeof outcome>) => {
      outcome ??= given;
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      const isRunning = child.kill("SIGKILL");
      // Until it has exited, it may write into the folder that is removed next. The event `exit` comes back here.
      if (isRunning && typeof outcome === "string") return;
      resolve(outcome);
    };
    const stop = () => end("stopped");
    const timer = setTimeout(() => end("late"), seconds * 1000);
    signal?.addEventListener("abort", stop);
    child.on("message", (received) => {
      const message = parseMessage(received);
      if (message === null) end("died");
      else if ("log" in message) onLog?.(message.log);
      else end(message);
    });
    child.on("exit", () => end("died"));
    child.on("error", (error) => {
      end("died");
      reject(error);
    });
    child.send(message);
  });
}

const program = join(/* turbopackIgnore: true */ process.cwd(), "lib/engine/child.mjs");

const stdio: ("ignore" | "inherit" | "ipc")[] = ["ignore", "ignore", "inherit", "ipc"];

/** Windows needs SystemRoot to start a program. */
function minimalEnvironment(): NodeJS.ProcessEnv {
  const { SystemRoot } = process.env;
  return { NODE_ENV: "production", ...(SystemRoot === undefined ? {} : { SystemRoot }) };
}

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
