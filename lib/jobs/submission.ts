import { runIn, type Tx } from "../db";
import { env } from "../env";
import { notFound } from "../errors";
import { Prisma } from "../generated/prisma/client";
import { tooMany } from "../rate-limits";
import type { OutputFormat } from "../workspaces/schema";
import { enqueue } from "./queue";
import { type StartFacts, type SubmittedJob, startFacts, startRefusal } from "./submitter";
import { type ClaimedJob, cancelStart } from "./transitions";

export interface NewJob extends SubmittedJob {
  repositoryId: string;
  workspaceId: string;
  tokenName: string;
  runKeyDigest: Uint8Array<ArrayBuffer> | null;
  /** How many runs of the app may be queued or running at a time, this one included. */
  appUnfinishedMax: number | null;
  parameters: object;
  output: OutputFormat;
  submittedAt: Date;
}

/** What became of a submitted job. This process must run one that is running. */
export type Submitted =
  | { status: "queued"; id: number }
  | { status: "running"; id: number; claimed: ClaimedJob }
  | { status: "cancelled"; id: number; reason: string; at: Date };

const busyRetryMs = 10_000;

/** Creates a job: as running if `mayStart` and no job waits in the queue, else in the queue. A job that starts is checked
 * as when it is taken from the queue. Refuses `not-found` and `too-many`. */
export async function submitJob(tx: Tx, job: NewJob, mayStart: boolean): Promise<Submitted> {
  const startsNow = (await lockForJob(tx, job, mayStart)) && mayStart;
  if (!startsNow) await demandRoomInQueue(tx, job);
  const { id, startedAt, unfinished, facts } = await insertJob(tx, job, startsNow);
  if (job.appUnfinishedMax !== null && unfinished > job.appUnfinishedMax) throw appBusy();
  if (!startedAt || !facts) {
    await enqueue(tx, id);
    return { status: "queued", id };
  }
  const { repositoryId, workspaceId, parameters, output } = job;
  const claimed = { id, attempt: 1, repositoryId, workspaceId, parameters, output, startedAt };
  const reason = startRefusal(job, facts);
  if (reason === null) return { status: "running", id, claimed };
  await cancelStart(tx, claimed, reason);
  return { status: "cancelled", id, reason, at: startedAt };
}

/** Locks what the job refers to, in the order in which it is removed, and returns whether no job waits in the queue.
 * Account and token are locked as by `lockSubmitter` for a start only, since others lock them for long. Runs of one app
 * are counted one at a time. */
async function lockForJob(tx: Tx, job: NewJob, mayStart: boolean): Promise<boolean> {
  const rows = await runIn(tx)<{ noun: string }>(Prisma.sql`
    SELECT noun FROM (SELECT 'user' AS noun FROM users WHERE id = ${job.ownerId}::uuid ${mayStart ? share : keyShare}) AS u
    UNION ALL SELECT * FROM (SELECT 'app' FROM apps WHERE id = ${job.appId}::uuid FOR NO KEY UPDATE) AS a
    UNION ALL SELECT * FROM (SELECT 'repository' FROM repositories WHERE id = ${job.repositoryId}::uuid ${keyShare}) AS r
    UNION ALL SELECT * FROM (SELECT 'workspace' FROM workspaces WHERE id = ${job.workspaceId}::uuid ${keyShare}) AS w
    UNION ALL SELECT * FROM (SELECT 'token' FROM tokens WHERE id = ${mayStart ? job.tokenId : null}::uuid ${share}) AS t
    UNION ALL (SELECT 'waiting' FROM jobs WHERE status = 'queued' LIMIT 1)`);
  const found = new Set(rows.map(({ noun }) => noun));
  const needed = ["user", "repository", "workspace", ...(job.appId === null ? [] : ["app"])];
  if (!needed.every((noun) => found.has(noun))) throw notFound();
  return !found.has("waiting");
}

const share = Prisma.sql`FOR SHARE`;
const keyShare = Prisma.sql`FOR KEY SHARE`;

/** Concurrent runs of one owner are counted one at a time. The holder of the lock has all others that it needs. */
async function demandRoomInQueue(tx: Tx, { ownerId, appId }: NewJob): Promise<void> {
  const { ownerWaitingJobs: waitingMax } = env();
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('tessera: waiting jobs'), hashtext(${ownerId}))`;
  const waiting = await tx.$queryRaw<unknown[]>`
    SELECT FROM jobs WHERE owner_id = ${ownerId}::uuid AND status = 'queued' OFFSET ${waitingMax - 1}::int LIMIT 1`;
  if (waiting.length === 0) return;
  if (appId !== null) throw appBusy();
  const sentence = `You already have ${waitingMax} jobs waiting, which is the limit. Wait until some have started, or cancel some.`;
  throw tooMany(sentence, busyRetryMs);
}

const appBusy = () => tooMany("This app is busy.", busyRetryMs);

interface InsertedJob {
  id: number;
  startedAt: Date | null;
  /** The unfinished runs of its app, this one included. */
  unfinished: number;
  facts: StartFacts | null;
}

/** Inserts the job and counts the run of its app. */
async function insertJob(tx: Tx, job: NewJob, startsNow: boolean): Promise<InsertedJob> {
  const start = startsNow ? Prisma.sql`'running', clock_timestamp(), now(), 1` : Prisma.sql`'queued', NULL, NULL, 0`;
  const [inserted] = await runIn(tx)<InsertedJob>(Prisma.sql`
    WITH job AS (
      INSERT INTO jobs (owner_id, repository_id, workspace_id, repository_name, workspace_name, token_id, token_name,
        token_kind, app_id, app_name, run_key_digest, parameters, output, submitted_at, status, started_at, heartbeat_at,
        attempts)
      VALUES (${job.ownerId}::uuid, ${job.repositoryId}::uuid, ${job.workspaceId}::uuid, ${job.repositoryName},
        ${job.workspaceName}, ${job.tokenId}::uuid, ${job.tokenName}, ${job.tokenKind}::token_kind, ${job.appId}::uuid,
        ${job.appName}, ${job.runKeyDigest}, ${JSON.stringify(job.parameters)}::jsonb, ${job.output}, ${job.submittedAt},
        ${start})
      RETURNING id, started_at
    ), counted AS (
      UPDATE apps SET runs = runs + 1, last_run_at = ${job.submittedAt} WHERE id = ${job.appId}::uuid
    )
    SELECT id, started_at AS "startedAt",
      (SELECT count(*)::int + 1 FROM jobs WHERE app_id = ${job.appId}::uuid AND status IN ('queued', 'running')) AS unfinished,
      ${startsNow ? startFacts(job, Prisma.sql`job.started_at`) : Prisma.sql`NULL`} AS facts
    FROM job`);
  if (!inserted) throw new Error("A job was not inserted.");
  return inserted;
}
