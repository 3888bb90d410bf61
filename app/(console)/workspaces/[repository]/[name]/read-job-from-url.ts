import { Refusal } from "@/lib/errors";
import { getJob } from "@/lib/jobs/queries";
import { type JobView, jobPath } from "@/lib/jobs/schema";
import type { Actor } from "@/lib/permissions/actor";
import type { WorkspacePath } from "@/lib/workspaces/schema";

/** Reads the job that the URL of a workspace names. Null if it is of another workspace or the actor may not see it. */
export async function readJobFromUrl(
  who: Actor,
  workspace: WorkspacePath,
  id: string | undefined,
): Promise<JobView | null> {
  const path = jobPath.safeParse({ id });
  if (!path.success) return null;
  try {
    const job = await getJob(who, path.data.id);
    return job.repository === workspace.repository && job.workspace === workspace.name ? job : null;
  } catch (error) {
    if (error instanceof Refusal && error.code === "not-found") return null;
    throw error;
  }
}
