import type { Tx } from "../db";
import { everything, may } from "../permissions/effective";

/** Of a job, what tells who submitted it and what it runs. */
interface SubmittedJob {
  ownerId: string;
  tokenId: string;
  tokenKind: "api" | "session";
  repositoryName: string;
  workspaceName: string;
}

/**
 * Why a job must not start after all: the token that submitted it, or its owner, may not do this any more (design 3.6).
 *
 * @returns a sentence for the owner, or null when nothing speaks against it
 */
export async function whyNotToStart(tx: Tx, job: SubmittedJob, now: Date): Promise<string | null> {
  const noun = job.tokenKind === "api" ? "token" : "session";
  const token = await tx.token.findUnique({
    where: { id: job.tokenId },
    select: { enabled: true, expiresAt: true, allPermissions: true, kind: true, owner: { select: { enabled: true } } },
  });
  if (!token) return `The ${noun} that submitted this job was removed.`;
  if (!token.owner.enabled) return "The account that submitted this job is disabled.";
  if (token.expiresAt <= now) return `The ${noun} that submitted this job ${noun === "token" ? "expired" : "ended"}.`;
  if (!token.enabled) return `The ${noun} that submitted this job was disabled.`;
  const owner = await heldBy(tx, job.ownerId);
  const inheritsAll = token.allPermissions || token.kind === "session";
  const given = inheritsAll ? new Set([everything]) : await givenTo(tx, job.tokenId);
  const permission = `workspace/${job.repositoryName}/${job.workspaceName}:run` as const;
  return may({ owner, given }, permission)
    ? null
    : `The ${noun} that submitted this job lost the permission ${permission}.`;
}

async function heldBy(tx: Tx, userId: string): Promise<Set<string>> {
  const rows = await tx.heldPermission.findMany({ where: { userId }, select: { permission: true } });
  return new Set(rows.map(({ permission }) => permission));
}

async function givenTo(tx: Tx, tokenId: string): Promise<Set<string>> {
  const rows = await tx.grantedPermission.findMany({ where: { tokenId }, select: { permission: true } });
  return new Set(rows.map(({ permission }) => permission));
}
