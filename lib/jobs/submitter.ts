import { runIn, type Tx } from "../db";
import { Prisma } from "../generated/prisma/client";
import { coveringPermissions, runPermission } from "../permissions/catalog";
import { everything, may } from "../permissions/effective";

export interface SubmittedJob {
  ownerId: string;
  tokenId: string;
  tokenKind: "api" | "session";
  appId: string | null;
  appName: string | null;
  repositoryName: string;
  workspaceName: string;
}

/** What decides whether a job may start. The sets have only the permissions that matter for it. */
export interface StartFacts {
  token: { enabled: boolean; isExpired: boolean; allPermissions: boolean } | null;
  isOwnerEnabled: boolean;
  isAppEnabled: boolean | null;
  held: string[];
  given: string[];
}

/** Locks the account, app and token that submitted a job until the transaction ends, so that none is disabled between
 * the check of the job and its start. The order is the one in which removing an account locks them. */
export async function lockSubmitter(tx: Tx, { ownerId, appId, tokenId }: SubmittedJob): Promise<void> {
  await runIn(tx)(Prisma.sql`
    SELECT id FROM (SELECT id FROM users WHERE id = ${ownerId}::uuid FOR SHARE) AS u
    UNION ALL SELECT id FROM (SELECT id FROM apps WHERE id = ${appId}::uuid FOR SHARE) AS a
    UNION ALL SELECT id FROM (SELECT id FROM tokens WHERE id = ${tokenId}::uuid FOR SHARE) AS t`);
}

/** {@link StartFacts} as an expression in JSON. `at` is the time by which the token is judged. The statement must come
 * after the one that locks, since a statement sees permissions as they were when it began. */
export function startFacts(job: SubmittedJob, at: Prisma.Sql): Prisma.Sql {
  const { ownerId, tokenId, appId } = job;
  const permission = permissionOf(job);
  const sufficient = [everything, permission, ...coveringPermissions(permission)];
  return Prisma.sql`json_build_object(
    'token', (
      SELECT json_build_object('enabled', enabled, 'isExpired', expires_at <= ${at}, 'allPermissions', all_permissions)
      FROM tokens WHERE id = ${tokenId}::uuid),
    'isOwnerEnabled', coalesce((SELECT enabled FROM users WHERE id = ${ownerId}::uuid), false),
    'isAppEnabled', (SELECT enabled FROM apps WHERE id = ${appId}::uuid),
    'held', ARRAY(SELECT permission FROM held_permissions
      WHERE user_id = ${ownerId}::uuid AND permission = ANY (${sufficient}::text[])),
    'given', ARRAY(SELECT permission FROM granted_permissions
      WHERE token_id = ${tokenId}::uuid AND permission = ANY (${sufficient}::text[])))`;
}

/** Returns why the token that submitted a job, or its owner, may no longer run it (design 3.6), as a sentence for the
 * owner; null when the job may start. */
export function startRefusal(job: SubmittedJob, facts: StartFacts): string | null {
  const noun = job.tokenKind === "api" ? "token" : "session";
  const { token } = facts;
  if (!token) return `The ${noun} that submitted this job was removed.`;
  if (!facts.isOwnerEnabled) return "The account that submitted this job is disabled.";
  if (token.isExpired) return `The ${noun} that submitted this job ${noun === "token" ? "expired" : "ended"}.`;
  if (!token.enabled) return `The ${noun} that submitted this job was disabled.`;
  if (job.appName !== null && !facts.isAppEnabled) return `The app ${job.appName} was disabled.`;
  const inheritsAll = token.allPermissions || noun === "session";
  const given = new Set(inheritsAll ? [everything] : facts.given);
  const permission = permissionOf(job);
  return may({ owner: new Set(facts.held), given }, permission)
    ? null
    : `The ${noun} that submitted this job lost the permission ${permission}.`;
}

/** Hides the state of a token or session from others than its owner. */
export const publicReason = (reason: string | null): string | null =>
  reason !== null && /^The (token|session) that submitted this job /.test(reason)
    ? "This job can't start, because what submitted it was disabled, removed or lost its permission."
    : reason;

const permissionOf = ({ repositoryName, workspaceName }: SubmittedJob) =>
  runPermission({ repository: repositoryName, name: workspaceName });
