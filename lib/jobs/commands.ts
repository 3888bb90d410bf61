import { record } from "../audit/record";
import { inTransaction } from "../db";
import { conflict, notFound } from "../errors";
import type { Actor } from "../permissions/actor";
import { outputOf } from "../workspaces/file";
import { workspaceFor } from "../workspaces/queries";
import { runValues } from "../workspaces/run-values";
import type { WorkspacePath } from "../workspaces/schema";
import { visibleTo } from "./policy";
import { type JobRow, jobFields, jobViewOf } from "./queries";
import { notify } from "./queue";
import type { JobView, NewRun } from "./schema";
import { wakeWorkers, withSlot } from "./slots";
import { type NewJob, type Submitted, submitJob } from "./submission";

export interface VisitedApp {
  id: string;
  name: string;
  /** The SHA-256 of the key with which the visitor reads the result. */
  runKeyDigest: Uint8Array<ArrayBuffer>;
  /** How many of the app's runs may be queued or running at a time, this one included. */
  unfinishedMax: number;
}

/** Submits a run, which starts at once in a free slot of this process if no job waits in the queue (decision 1813).
 * There is no audit event, since the job itself records who submitted it, when and with which token. Refuses
 * `not-found`, `forbidden` without `workspace/…:run`, `invalid` on `parameters.<NAME>`, and `too-many` for an owner with
 * too many waiting jobs and an app with too many unfinished runs. */
export async function submitRun(
  who: Actor,
  path: WorkspacePath,
  { parameters: given }: NewRun,
  app?: VisitedApp,
): Promise<JobView> {
  const { id: workspaceId, repositoryId, parameters, output } = await workspaceFor(who, path, "run");
  const values = runValues(parameters, given);
  const job: NewJob = {
    ownerId: who.userId,
    repositoryId,
    workspaceId,
    repositoryName: path.repository,
    workspaceName: path.name,
    tokenId: who.token.id,
    tokenName: who.token.name,
    tokenKind: who.token.kind,
    appId: app?.id ?? null,
    appName: app?.name ?? null,
    runKeyDigest: app?.runKeyDigest ?? null,
    appUnfinishedMax: app?.unfinishedMax ?? null,
    parameters: values,
    output: outputOf(output, values),
    submittedAt: who.now,
  };
  return withSlot(async (start) => {
    const submitted = await inTransaction((tx) => submitJob(tx, job, start !== null));
    if (submitted.status === "running") start?.(submitted.claimed);
    if (submitted.status === "queued") wakeWorkers();
    return jobViewOf(who, rowOf(who, job, submitted));
  });
}

function rowOf(who: Actor, job: NewJob, submitted: Submitted): JobRow {
  const { id, status } = submitted;
  return {
    ...job,
    id,
    status,
    reason: status === "cancelled" ? submitted.reason : null,
    startedAt: status === "running" ? submitted.claimed.startedAt : null,
    finishedAt: status === "cancelled" ? submitted.at : null,
    resultRows: null,
    resultBytes: null,
    owner: { userName: who.userName },
  };
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
