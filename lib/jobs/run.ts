import type { FileHandle } from "node:fs/promises";
import { z } from "zod";
import { db } from "../db";
import { type BoundValue, type QueryOutcome, runQuery } from "../engine/run";
import { env } from "../env";
import { Refusal } from "../errors";
import { splitSource } from "../workspaces/file";
import { parseStoredParameters } from "../workspaces/queries";
import { runValues } from "../workspaces/run-values";
import { type OutputFormat, type PublishedParameter, parameterValue } from "../workspaces/schema";
import { makeJobFolder } from "./folders";
import { openResult } from "./result-file";
import type { ClaimedJob } from "./transitions";

interface Supervision {
  signal: AbortSignal;
  onLog: (text: string) => void;
}

/** Runs the current text of a job's workspace on the current files of its repository. `storeResult` gets the result, open
 * for reading, which is closed and removed afterwards. */
export async function runWorkspace(
  job: ClaimedJob,
  supervision: Supervision,
  storeResult: (result: FileHandle, size: { rows: number; bytes: number }) => Promise<void>,
): Promise<QueryOutcome> {
  const { id: jobId, repositoryId, workspaceId } = job;
  const workspace = workspaceId && (await db.workspace.findUnique({ where: { id: workspaceId } }));
  if (!workspace || !repositoryId) return { refused: "The workspace was removed before this job started." };
  const { sql } = splitSource(workspace.source);
  const parameters = parseStoredParameters(workspace.parameters);
  const values = boundValues(job, parameters);
  if (values instanceof Refusal)
    return { refused: `The workspace was changed after this job was submitted. ${values.message}` };

  const { signal } = supervision;
  const folder = await makeJobFolder(repositoryId, jobId, signal).catch((error) => {
    if (signal.aborted) return null;
    throw error;
  });
  if (!folder) return "stopped";
  try {
    const { jobMemoryMb: memoryMb, jobSeconds: seconds, jobOutputMb: outputMb } = env();
    const limits = { memoryMb, seconds, outputMb };
    const format = job.output as OutputFormat;
    const { files, result, account } = folder;
    const order = { sql, values, format, folder: files, result, limits, repositoryId, account };
    const outcome = await runQuery(order, supervision);
    if (typeof outcome === "object" && "rows" in outcome) {
      const file = await openResult(result, outcome.bytes, account);
      await storeResult(file, outcome).finally(() => file.close());
    }
    return outcome;
  } finally {
    await folder.remove();
  }
}

const storedValues = z.record(z.string(), parameterValue.nullable());

function boundValues(job: ClaimedJob, parameters: PublishedParameter[]): Record<string, BoundValue> | Refusal {
  try {
    const values = runValues(parameters, storedValues.parse(job.parameters));
    const bound = parameters.map(({ name, type }) => [name.toUpperCase(), { type, value: values[name] ?? null }]);
    return Object.fromEntries(bound);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
