import { z } from "zod";
import { db } from "../db";
import { conflict, notFound, Refusal } from "../errors";
import type { Prisma } from "../generated/prisma/client";
import { decodeCursor, encodeCursor, type Page, pageOf } from "../paging";
import type { Actor } from "../permissions/actor";
import { type ByteRange, chunksIn } from "../repositories/content";
import { type OutputFormat, outputMediaTypes } from "../workspaces/schema";
import { mayCancel, maySeeToken, visibleTo } from "./policy";
import { isFinished, type JobFilter, type JobView, type LogLine } from "./schema";
import { whereSelected } from "./selection";
import { publicReason } from "./submitter";

interface ListRequest extends JobFilter {
  limit: number;
  cursor?: string | undefined;
}

/** The jobs that the actor may see, newest first. */
export async function listJobs(who: Actor, list: ListRequest): Promise<Page<JobView>> {
  const rows = await db.job.findMany({
    where: { AND: [whereSelected(who, list), { status: list.status }, before(list.cursor)] },
    orderBy: { id: "desc" },
    take: list.limit + 1,
    select: jobFields,
  });
  return pageOf(
    rows,
    list.limit,
    ({ id }) => encodeCursor([id]),
    (row) => jobViewOf(who, row),
  );
}

export async function countUnfinishedJobs(): Promise<{ queued: number; running: number }> {
  const groups = await db.job.groupBy({
    by: "status",
    where: { status: { in: ["queued", "running"] } },
    _count: true,
  });
  return { queued: 0, running: 0, ...Object.fromEntries(groups.map(({ status, _count }) => [status, _count])) };
}

/** Refuses `not-found` for a job that the actor may not see. */
export async function getJob(who: Actor, id: number): Promise<JobView> {
  const row = await db.job.findFirst({ where: { AND: [{ id }, visibleTo(who)] }, select: jobFields });
  if (!row) throw notFound();
  return jobViewOf(who, row);
}

export interface JobResult {
  job: JobView;
  bytes: number;
  mediaType: string;
  fileName: string;
  /** Names these bytes in an ETag, since a result never changes. */
  tag: string;
  read(range?: ByteRange): AsyncGenerator<Uint8Array>;
}

/** Refuses `not-found`, `conflict` while the job is unfinished, `failed` with its reason when it has no result. */
export async function getResult(who: Actor, id: number): Promise<JobResult> {
  return resultOf(await getJob(who, id));
}

/** Like {@link getResult}, for a job that was read already. */
export function resultOf(job: JobView): JobResult {
  if (!isFinished(job.status))
    throw conflict(`Job ${job.id} is ${job.status}. The result is available when it has succeeded.`);
  if (!job.result) {
    const detail = job.reason ?? "The job has no result.";
    const headers = { "X-Tessera-Job": String(job.id) };
    throw new Refusal("failed", detail, { headers, extra: { job: job.id, jobStatus: job.status } });
  }
  return { job, ...job.result, ...storedResult(job.id, job.result.bytes) };
}

/** The lines that a job logged, in order. Refuses `not-found`. */
export async function getLog(who: Actor, id: number): Promise<LogLine[]> {
  await getJob(who, id);
  return (await readLog(id)).map(({ line }) => line);
}

/** The lines of a job after the one with this number, in order. The caller must have checked that the actor may see it. */
export async function readLog(jobId: number, after = -1): Promise<{ number: number; line: LogLine }[]> {
  const rows = await db.jobLogLine.findMany({
    where: { jobId, seq: { gt: after } },
    orderBy: { seq: "asc" },
    select: { seq: true, at: true, level: true, text: true },
  });
  return rows.map(({ seq, at, level, text }) => ({
    number: seq,
    line: { at: at.toISOString(), level: level === "error" ? "error" : "info", text },
  }));
}

/** Results are stored in chunks of this length. */
export const resultChunkBytes = 1_048_576;

/** How a result is read. The caller must have checked that the actor may see the job. */
export function storedResult(jobId: number, bytes: number): Pick<JobResult, "tag" | "read"> {
  return { tag: `"job-${jobId}"`, read: (range) => readResult(jobId, range ?? { start: 0, end: bytes }) };
}

async function* readResult(jobId: number, range: ByteRange): AsyncGenerator<Uint8Array> {
  for (const { seq, from, to } of chunksIn(range, resultChunkBytes)) {
    const chunk = await db.jobResultChunk.findUnique({ where: { jobId_seq: { jobId, seq } }, select: { bytes: true } });
    if (!chunk) throw new Error(`The chunk ${seq} of the result of job ${jobId} is missing.`);
    yield chunk.bytes.subarray(from, to);
  }
}

export const jobFields = {
  id: true,
  ownerId: true,
  repositoryName: true,
  workspaceName: true,
  tokenId: true,
  tokenName: true,
  tokenKind: true,
  appName: true,
  status: true,
  reason: true,
  parameters: true,
  output: true,
  submittedAt: true,
  startedAt: true,
  finishedAt: true,
  resultRows: true,
  resultBytes: true,
  owner: { select: { userName: true } },
} satisfies Prisma.JobSelect;

export type JobRow = Prisma.JobGetPayload<{ select: typeof jobFields }>;

export function jobViewOf(who: Actor, row: JobRow): JobView {
  return {
    id: row.id,
    repository: row.repositoryName,
    workspace: row.workspaceName,
    status: row.status,
    reason: maySeeToken(who, row) ? row.reason : publicReason(row.reason),
    submittedBy: {
      user: row.owner.userName,
      token: maySeeToken(who, row) ? { kind: row.tokenKind, name: row.tokenName } : null,
      app: row.appName,
    },
    parameters: row.parameters as JobView["parameters"],
    output: row.output as OutputFormat,
    result: resultFields(row),
    submittedAt: row.submittedAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    can: { cancel: mayCancel(row) },
  };
}

function resultFields({ id, workspaceName: workspace, output, ...row }: JobRow): JobView["result"] {
  const { resultRows: rows, resultBytes: bytes } = row;
  if (rows === null || bytes === null) return null;
  return describeResult({ id, workspace, output: output as OutputFormat }, { rows, bytes });
}

export function describeResult(
  { id, workspace, output }: Pick<JobView, "id" | "workspace" | "output">,
  { rows, bytes }: { rows: number; bytes: number },
): NonNullable<JobView["result"]> {
  return { rows, bytes, mediaType: outputMediaTypes[output], fileName: `${workspace}-${id}.${output}` };
}

function before(cursor: string | undefined): Prisma.JobWhereInput {
  if (cursor === undefined) return {};
  const [id] = decodeCursor(cursor, z.tuple([z.int32()]));
  return { id: { lt: id } };
}
