import type { FileHandle } from "node:fs/promises";
import { db, runIn, type Tx } from "../db";
import { Prisma } from "../generated/prisma/client";
import { insertLines, type LogRow } from "./log";
import { resultChunkBytes } from "./queries";
import { notification, processTag } from "./queue";
import type { JobEnd } from "./signals";
import type { ClaimedJob } from "./transitions";

/** Stores a job's result, status and last lines in one transaction. Returns null when the job was cancelled or lost in
 * the meantime. */
export async function succeed(
  job: ClaimedJob,
  result: FileHandle,
  { rows, bytes }: { rows: number; bytes: number },
  lines: readonly LogRow[],
): Promise<JobEnd | null> {
  const isSmall = bytes <= resultChunkBytes;
  const content = isSmall ? await readChunk(result, bytes) : null;
  const end: Ending = { status: "succeeded", rows, bytes, content };
  const finishedAt = isSmall
    ? await finish(db, job, end, lines)
    : await db.$transaction(
        async (tx) => {
          const at = await finish(tx, job, end, lines);
          if (at) await storeResult(tx, job.id, result, bytes);
          return at;
        },
        { maxWait: 10_000, timeout: 600_000 },
      );
  return finishedAt && { startedAt: job.startedAt, finishedAt, rows, bytes, content };
}

/** Marks a job as failed. Returns false when it was cancelled or lost. The reason is a sentence for the job's owner. */
export async function fail(job: ClaimedJob, reason: string, lines: readonly LogRow[]): Promise<boolean> {
  return (await finish(db, job, { status: "failed", reason }, lines)) !== null;
}

interface Ending {
  status: "succeeded" | "failed";
  reason?: string;
  rows?: number;
  bytes?: number;
  content?: Uint8Array<ArrayBuffer> | null;
}

/** One statement, since each is a round trip. Returns when the job finished; null when it was cancelled or lost. The
 * caller tells the listeners of this process. */
async function finish(tx: Tx, job: ClaimedJob, end: Ending, lines: readonly LogRow[]): Promise<Date | null> {
  const { status, reason = null, rows = null, bytes = null, content = null } = end;
  const signal = notification({ job: job.id, status, by: processTag() });
  const [finished] = await runIn(tx)<{ finishedAt: Date }>(Prisma.sql`
    WITH job AS (
      UPDATE jobs SET status = ${status}::job_status, reason = ${reason}, result_rows = ${rows}, result_bytes = ${bytes},
        finished_at = clock_timestamp()
      WHERE id = ${job.id} AND status = 'running' AND attempts = ${job.attempt}
      RETURNING id, finished_at
    ), lines AS (
      ${insertLines(lines, Prisma.sql`SELECT id FROM job`)}
    ), chunk AS (
      INSERT INTO job_result_chunks (job_id, seq, bytes)
      SELECT id, 0, content FROM job, (SELECT ${content}::bytea AS content) AS c WHERE length(content) > 0
    )
    SELECT finished_at AS "finishedAt", ${signal}::text FROM job`);
  return finished?.finishedAt ?? null;
}

async function storeResult(tx: Tx, jobId: number, file: FileHandle, bytes: number): Promise<void> {
  for (let seq = 0, stored = 0; stored < bytes; seq++) {
    const chunk = await readChunk(file, Math.min(resultChunkBytes, bytes - stored));
    await tx.jobResultChunk.create({ data: { jobId, seq, bytes: chunk } });
    stored += chunk.length;
  }
}

async function readChunk(file: FileHandle, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunk = new Uint8Array(bytes);
  const { bytesRead } = await file.read(chunk);
  if (bytesRead < bytes) throw new Error("The result became shorter while it was stored.");
  return chunk;
}
