import { useEffect, useState } from "react";
import type { JobView } from "@/lib/jobs/schema";
import { type ResultTable, readResult } from "./result";

/** More is not brought into the page; it can be downloaded. */
const bytesMost = 8_000_000;

/** A result on its way into the page. */
export type ShownResult =
  | { state: "reading" }
  | { state: "table"; table: ResultTable }
  | { state: "text"; text: string }
  | { state: "none"; why: string }
  | { state: "unreachable"; retry: () => void };

export const resultPath = (job: Pick<JobView, "id">) => `/api/v1/jobs/${job.id}/result` as const;

/** Reads a succeeded job's result: a table where it is one, else its text, else why it is not shown. */
export function useResult(job: JobView): ShownResult {
  const [shown, setShown] = useState<ShownResult>({ state: "reading" });
  const [attempt, setAttempt] = useState(0);
  const reasonNot = reasonNotToShow(job);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a further attempt reads again
  useEffect(() => {
    if (reasonNot) return;
    const reading = new AbortController();
    setShown({ state: "reading" });
    readText(job, reading.signal).then(
      (text) => setShown(shownAs(text, job.output)),
      () => reading.signal.aborted || setShown({ state: "unreachable", retry: () => setAttempt((count) => count + 1) }),
    );
    return () => reading.abort();
  }, [job.id, job.output, reasonNot, attempt]);

  return reasonNot ? { state: "none", why: reasonNot } : shown;
}

function reasonNotToShow({ output, result }: JobView): string | null {
  if (output === "parquet") return "Parquet is for programs and is not shown here.";
  if (result && result.bytes > bytesMost) return "The result is too large to show here.";
  return null;
}

async function readText(job: JobView, signal: AbortSignal): Promise<string> {
  const response = await fetch(resultPath(job), { signal });
  if (!response.ok) throw new Error(`The result was answered with ${response.status}.`);
  return response.text();
}

function shownAs(text: string, output: string): ShownResult {
  const table = readResult(text, output);
  return table ? { state: "table", table } : { state: "text", text };
}
