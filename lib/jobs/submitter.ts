import type { Tx } from "../db";
import { runPermission } from "../permissions/catalog";
import { everything, may } from "../permissions/effective";
import { heldBy } from "../permissions/held";
import { givenPermissions } from "../tokens/view";

interface SubmittedJob {
  ownerId: string;
  tokenId: string;
  tokenKind: "api" | "session";
  appId: string | null;
  appName: string | null;
  repositoryName: string;
  workspaceName: string;
}

/** Locks the account, app and token that submitted a job until the transaction ends, so that none is disabled between
 * the check of the job and its start. The order is the one in which removing an account locks them. */
export async function lockSubmitter(tx: Tx, { ownerId, appId, tokenId }: SubmittedJob): Promise<void> {
  await tx.$queryRaw`SELECT id FROM users WHERE id = ${ownerId}::uuid FOR SHARE`;
  await tx.$queryRaw`SELECT id FROM apps WHERE id = ${appId}::uuid FOR SHARE`;
  await tx.$queryRaw`SELECT id FROM tokens WHERE id = ${tokenId}::uuid FOR SHARE`;
}

/** Returns why the token that submitted a job, or its owner, may no longer run it (design 3.6), as a sentence for the
 * owner; null when the job may start. */
export async function startRefusal(tx: Tx, job: SubmittedJob, now: Date): Promise<string | null> {
  const noun = job.tokenKind === "api" ? "token" : "session";
  const token = await tx.token.findUnique({
    where: { id: job.tokenId },
    select: { enabled: true, expiresAt: true, allPermissions: true, kind: true, owner: { select: { enabled: true } } },
  });
  if (!token) return `The ${noun} that submitted this job was removed.`;
  if (!token.owner.enabled) return "The account that submitted this job is disabled.";
  if (token.expiresAt <= now) return `The ${noun} that submitted this job ${noun === "token" ? "expired" : "ended"}.`;
  if (!token.enabled) return `The ${noun} that submitted this job was disabled.`;
  if (job.appName !== null && !(await isEnabledApp(tx, job.appId))) return `The app ${job.appName} was disabled.`;
  const owner = (await heldBy(tx, [job.ownerId]))(job.ownerId);
  const inheritsAll = token.allPermissions || token.kind === "session";
  const given = new Set(inheritsAll ? [everything] : (await givenPermissions(tx, [job.tokenId])).get(job.tokenId));
  const permission = runPermission({ repository: job.repositoryName, name: job.workspaceName });
  return may({ owner, given }, permission)
    ? null
    : `The ${noun} that submitted this job lost the permission ${permission}.`;
}

/** Hides the state of a token or session from others than its owner. */
export const publicReason = (reason: string | null): string | null =>
  reason !== null && /^The (token|session) that submitted this job /.test(reason)
    ? "This job can't start, because what submitted it was disabled, removed or lost its permission."
    : reason;

async function isEnabledApp(tx: Tx, id: string | null): Promise<boolean> {
  const app = id === null ? null : await tx.app.findUnique({ where: { id }, select: { enabled: true } });
  return app?.enabled ?? false;
}
