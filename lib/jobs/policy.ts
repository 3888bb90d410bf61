import type { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";
import { may } from "../permissions/effective";
import { isFinished, type JobStatus } from "./schema";

interface SubmittedJob {
  ownerId: string;
  tokenId: string;
}

/** The jobs that the actor may see: all with `jobs:manage`, the user's own with `jobs:access` or in a session, else
 * those that this token submitted, so that a token for one workspace can fetch its results. */
export function visibleTo(who: Actor): Prisma.JobWhereInput {
  if (may(who, "jobs:manage")) return {};
  if (may(who, "jobs:access") || who.token.kind === "session") return { ownerId: who.userId };
  return { ownerId: who.userId, tokenId: who.token.id };
}

export const mayCancel = (job: { status: JobStatus }) => !isFinished(job.status);

/** Only the owner sees a job's token. No permission lets another user see it (design 3.1). */
export const maySeeToken = (who: Actor, job: SubmittedJob) => job.ownerId === who.userId;
