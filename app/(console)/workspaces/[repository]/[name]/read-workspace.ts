import { cache } from "react";
import type { Actor } from "@/lib/permissions/actor";
import { decodeSegment } from "@/lib/text";
import { getWorkspace } from "@/lib/workspaces/queries";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import { orNotFound } from "../../../or-not-found";

/** Reads a workspace once per request. It shows the not-found page unless the actor may read the workspace. */
export function readWorkspace(
  who: Actor,
  { repository, name }: { repository: string; name: string },
): Promise<WorkspaceView> {
  return readOnce(who, repository, name);
}

const readOnce = cache((who: Actor, repository: string, name: string) =>
  orNotFound(
    () => getWorkspace(who, { repository: decodeSegment(repository), name: decodeSegment(name) }),
    ["not-found", "forbidden"],
  ),
);
