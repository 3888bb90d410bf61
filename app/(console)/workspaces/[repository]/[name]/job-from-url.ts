import { Refusal } from "@/lib/errors";
import { getJob } from "@/lib/jobs/queries";
import { type JobView, jobPath } from "@/lib/jobs/schema";
import type { Actor } from "@/lib/permissions/actor";
import type { WorkspacePath } from "@/lib/workspaces/schema";

/** The run that an address speaks of; null when it is of another workspace, or not one's own to see. */
export async function jobFrom(
  who: Actor,
  workspace: WorkspacePath,
  written: string | undefined,
): Promise<JobView | null> {
  const path = jobPath.safeParse({ id: written });
  if (!path.success) return null;
  try {
    const job = await getJob(who, path.data.id);
    return job.repository === workspace.repository && job.workspace === workspace.name ? job : null;
  } catch (error) {
    if (error instanceof Refusal && error.code === "not-found") return null;
    throw error;
  }
}
