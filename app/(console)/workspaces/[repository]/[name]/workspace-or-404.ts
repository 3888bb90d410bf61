import { notFound } from "next/navigation";
import { cache } from "react";
import { Refusal } from "@/lib/errors";
import type { Actor } from "@/lib/permissions/actor";
import { getWorkspace } from "@/lib/workspaces/queries";
import type { WorkspaceView } from "@/lib/workspaces/schema";

/** The workspace of an address; the not-found page when there is none that one may read. Read once per request. */
export async function workspaceOr404(
  who: Actor,
  { repository, name }: { repository: string; name: string },
): Promise<WorkspaceView> {
  try {
    return await readOnce(who, decodeURIComponent(repository), decodeURIComponent(name));
  } catch (error) {
    const isOutOfSight = error instanceof Refusal && (error.code === "not-found" || error.code === "forbidden");
    if (isOutOfSight || error instanceof URIError) notFound();
    throw error;
  }
}

const readOnce = cache((who: Actor, repository: string, name: string) => getWorkspace(who, { repository, name }));
