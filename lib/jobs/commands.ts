import { record } from "../audit/record";
import { inTransaction } from "../db";
import { conflict, notFound } from "../errors";
import type { Actor } from "../permissions/actor";
import { outputOf } from "../workspaces/file";
import { workspaceFor } from "../workspaces/queries";
import type { WorkspacePath } from "../workspaces/schema";
import { runValues } from "../workspaces/values";
import { visibleTo } from "./policy";
import { jobFields, jobViewOf } from "./queries";
import { enqueue, notify } from "./queue";
import type { JobView, NewRun } from "./schema";

/** The app whose visitor asks, and the digest of the key with which that visitor reads the result. */
export interface AskingApp {
  id: string;
  name: string;
  runKeyDigest: Uint8Array<ArrayBuffer>;
}

/**
 * Asks for a run of a workspace. The job's row and its place in the queue come into being together; any instance takes it.
 * The row itself is the trace of who asked, when and through which token.
 *
 * @throws Refusal `not-found`, `forbidden` without `workspace/…:run`, `invalid` on `parameters.<NAME>`
 */
export async function submitRun(
  who: Actor,
  path: WorkspacePath,
  { parameters: given }: NewRun,
  app?: AskingApp,
): Promise<JobView> {
  const { id: workspaceId, repositoryId, parameters, output } = await workspaceFor(who, path, "run");
  const values = runValues(parameters, given);
  return inTransaction(async (tx) => {
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
    await enqueue(tx, row.id);
    return jobViewOf(who, row);
  });
}

/**
 * Cancels a job. It is cancelled once this is answered; whichever instance runs it stops within moments.
 *
 * @throws Refusal `not-found`; `conflict` when it has finished
 */
export async function cancelJob(who: Actor, id: number): Promise<JobView> {
  return inTransaction(async (tx) => {
    const where = { AND: [{ id }, visibleTo(who)] };
    const { count } = await tx.job.updateMany({
      where: { AND: [where, { status: { in: ["queued", "running"] } }] },
      data: { status: "cancelled", reason: `Cancelled by ${who.userName}.`, finishedAt: who.now },
    });
    const row = await tx.job.findFirst({ where, select: jobFields });
    if (!row) throw notFound();
    if (count === 0) throw conflict(`Job ${id} has finished already: ${row.status}.`);
    await notify(tx, { job: id, status: "cancelled" });
    const name = `${row.repositoryName}/${row.workspaceName}`;
    const subject = { type: "job", id: String(id), name, ownerId: row.ownerId };
    await record(tx, who, { action: "job.cancel", subject });
    return jobViewOf(who, row);
  });
}
