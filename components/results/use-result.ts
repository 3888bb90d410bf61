import { useEffect, useState } from "react";
import type { JobView } from "@/lib/jobs/schema";
import { type ResultTable, readResult } from "./result";

/** A larger result can only be downloaded. */
const bytesMax = 8_000_000;

/** The state of a result that the page reads. */
export type ShownResult =
  | { state: "reading" }
  | { state: "table"; table: ResultTable }
  | { state: "text"; text: string; why: string | null }
  | { state: "none"; why: string }
  | { state: "unreachable"; retry: () => void };

/** A succeeded run and the path of its result. */
export type FinishedRun = Pick<JobView, "output" | "result"> & {
  resultPath: string;
  /** The map marks the place that they name. */
  parameters: JobView["parameters"];
};

export const finishedRunOf = ({ id, output, result, parameters }: JobView): FinishedRun => ({
  output,
  result,
  parameters,
  resultPath: `/api/v1/jobs/${id}/result`,
});

/** Reads the result of a succeeded run: as a table if possible, else as text, else the reason why it is not shown. */
export function useResult(run: FinishedRun): ShownResult {
  const [shown, setShown] = useState<ShownResult>({ state: "reading" });
  const [attempt, setAttempt] = useState(0);
  const reasonNot = reasonNotToShow(run);
  const { resultPath, output } = run;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a further attempt reads again
  useEffect(() => {
    if (reasonNot) return;
    const reading = new AbortController();
    setShown({ state: "reading" });
    readText(resultPath, reading.signal).then(
      (text) => setShown(toShownResult(text, output)),
      () => reading.signal.aborted || setShown({ state: "unreachable", retry: () => setAttempt((count) => count + 1) }),
    );
    return () => reading.abort();
  }, [resultPath, output, reasonNot, attempt]);

  return reasonNot ? { state: "none", why: reasonNot } : shown;
}

function reasonNotToShow({ output, result }: FinishedRun): string | null {
  if (output === "parquet") return "Parquet files can't be previewed.";
  if (result && result.bytes > bytesMax) return "This result is too large to preview.";
  return null;
}

async function readText(path: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(path, { signal });
  if (!response.ok) throw new Error(`The result was answered with ${response.status}.`);
  return response.text();
}

/** More text would make the page slow. */
const textLengthMax = 200_000;

function toShownResult(text: string, output: string): ShownResult {
  const shortened = text.length > textLengthMax ? `${text.slice(0, textLengthMax)}…` : text;
  const rest = text.length > textLengthMax ? "Only its beginning is shown." : "";
  try {
    const table = readResult(text, output);
    return table ? { state: "table", table } : { state: "text", text: shortened, why: rest || null };
  } catch (error) {
    console.warn("The result couldn't be read.", error);
    return { state: "text", text: shortened, why: `This result can't be read as a table. ${rest}` };
  }
}
