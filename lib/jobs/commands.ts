import { record } from "../audit/record";
import { inTransaction, isRemovedMeanwhile, type Tx } from "../db";
import { env } from "../env";
import { conflict, notFound } from "../errors";
import type { Actor } from "../permissions/actor";
import { tooMany } from "../rate-limits";
import { outputOf } from "../workspaces/file";
import { workspaceFor } from "../workspaces/queries";
import { runValues } from "../workspaces/run-values";
import type { WorkspacePath } from "../workspaces/schema";
import { visibleTo } from "./policy";
import { jobFields, jobViewOf } from "./queries";
import { enqueue, notify } from "./queue";
import type { JobView, NewRun } from "./schema";

export interface VisitedApp {
  id: string;
  name: string;
  /** The SHA-256 of the key with which the visitor reads the result. */
  runKeyDigest: Uint8Array<ArrayBuffer>;
  /** How many of the app's runs may be queued or running at a time, this one included. */
  unfinishedMax: number;
}

const busyRetryMs = 10_000;

/** Submits a run. There is no audit event, since the job itself records who submitted it, when and with which token.
 * Refuses `not-found`, `forbidden` without `workspace/…:run`, `invalid` on `parameters.<NAME>`, and `too-many` for an
 * owner with too many waiting jobs and an app with too many unfinished runs. */
export async function submitRun(
  who: Actor,
  path: WorkspacePath,
  { parameters: given }: NewRun,
  app?: VisitedApp,
): Promise<JobView> {
  const { id: workspaceId, repositoryId, parameters, output } = await workspaceFor(who, path, "run");
  const values = runValues(parameters, given);
  return inTransaction(async (tx) => {
    await demandRoomInQueue(tx, who.userId, app !== undefined);
    const row = await tx.job.create({
      data: {
        ownerId: who.userId,
        repositoryId,
        workspaceId,
        repositoryName: path.repository,
        workspaceName: path.name,
        tokenId: who.token.id,
        tokenName: who.token.name,
        tokenKind: who.token.kind,
        ...(app && { appId: app.id, appName: app.name, runKeyDigest: app.runKeyDigest }),
        parameters: values,
        output: outputOf(output, values),
        submittedAt: who.now,
      },
      select: jobFields,
    });
    if (app) await countRun(tx, app, who.now);
    await enqueue(tx, row.id);
    return jobViewOf(who, row);
  }).catch((error) => {
    throw isRemovedMeanwhile(error) ? notFound() : error;
  });
}

/** Concurrent runs of one owner are counted one at a time. The lock is an advisory one, since others lock the owner's row
 * for long. Its holder waits for an app's row at most, which no other submission holds without this lock. */
async function demandRoomInQueue(tx: Tx, ownerId: string, isVisitor: boolean): Promise<void> {
  const { ownerWaitingJobs: waitingMax } = env();
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('tessera: waiting jobs'), hashtext(${ownerId}))`;
  const waiting = await tx.$queryRaw<unknown[]>`
    SELECT FROM jobs WHERE owner_id = ${ownerId}::uuid AND status = 'queued' OFFSET ${waitingMax - 1}::int LIMIT 1`;
  if (waiting.length === 0) return;
  const sentence = isVisitor
    ? "This app is busy."
    : `You already have ${waitingMax} jobs waiting, which is the limit. Wait until some have started, or cancel some.`;
  throw tooMany(sentence, busyRetryMs);
}

/** The update locks the app's row, so that concurrent runs are counted one at a time. It comes after the job's insert,
 * since removing a row that the job refers to takes locks in that order too. */
async function countRun(tx: Tx, { id, unfinishedMax }: VisitedApp, now: Date): Promise<void> {
  await tx.app.update({ where: { id }, data: { runs: { increment: 1 }, lastRunAt: now }, select: { id: true } });
  const unfinished = await tx.job.count({ where: { appId: id, status: { in: ["queued", "running"] } } });
  if (unfinished > unfinishedMax) throw tooMany("This app is busy.", busyRetryMs);
}

/** Cancels a job and makes its instance stop it. Refuses `not-found`, and `conflict` when it has finished. */
export async function cancelJob(who: Actor, id: number): Promise<JobView> {
  return inTransaction(async (tx) => {
    const where = { AND: [{ id }, visibleTo(who)] };
    const { count } = await tx.job.updateMany({
      where: { AND: [where, { status: { in: ["queued", "running"] } }] },
      data: { status: "cancelled", reason: `Cancelled by ${who.userName}.`, finishedAt: who.now },
    });
    const row = await tx.job.findFirst({ where, select: jobFields });
    if (!row) throw notFound();
    if (count === 0) throw conflict(`Job ${id} has already finished: ${row.status}.`);
    await notify(tx, { job: id, status: "cancelled" });
    const name = `${row.repositoryName}/${row.workspaceName}`;
    const subject = { type: "job", id: String(id), name, ownerId: row.ownerId };
    await record(tx, who, { action: "job.cancel", subject });
    return jobViewOf(who, row);
  });
}
