import type { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";
import { may } from "../permissions/effective";
import { isFinished, type JobStatus } from "./schema";

interface SubmittedJob {
  ownerId: string;
  tokenId: string;
}

/**
 * Everybody's with `jobs:manage`; one's own with `jobs:access` or signed in; else those that this very token submitted, so
 * that a token for one workspace can fetch what it asked for.
 */
export function visibleTo(who: Actor): Prisma.JobWhereInput {
  if (may(who, "jobs:manage")) return {};
  if (may(who, "jobs:access") || who.token.kind === "session") return { ownerId: who.userId };
  return { ownerId: who.userId, tokenId: who.token.id };
}

/** Whoever sees a job may cancel it while it is not finished. */
export const mayCancel = (job: { status: JobStatus }) => !isFinished(job.status);

/** People's tokens are nobody else's business, whatever one's permissions (design 3.1). */
export const maySeeToken = (who: Actor, job: SubmittedJob) => job.ownerId === who.userId;
