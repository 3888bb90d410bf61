import { useEffect, useState } from "react";
import { ApiProblem, api } from "@/components/forms/api";
import type { WorkspaceView } from "@/lib/workspaces/schema";

type Path = { repository: string; name: string };

const isAt = (path: Path | null) => (workspace: Path) =>
  workspace.repository === path?.repository && workspace.name === path.name;

/**
 * The chosen workspace, from those that came with the page or loaded from the server. `isGone` is true when the user cannot see it
 * any more.
 */
export function useChosenWorkspace(path: Path | null, offered: readonly WorkspaceView[]) {
  const [read, setRead] = useState<{ path: Path; workspace: WorkspaceView | null } | null>(null);
  const here = offered.find(isAt(path));
  const there = path && read && isAt(path)(read.path) ? read : null;
  const address = path && !here ? [path.repository, path.name].map(encodeURIComponent).join("/") : null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the URL contains the path
  useEffect(() => {
    if (address === null || path === null) return;
    let isCurrent = true;
    const keep = (workspace: WorkspaceView | null) => isCurrent && setRead({ path, workspace });
    api<WorkspaceView>("GET", `/api/v1/workspaces/${address}`).then(keep, (error) => {
      if (!(error instanceof ApiProblem)) throw error;
      keep(null);
    });
    return () => {
      isCurrent = false;
    };
  }, [address]);

  return { workspace: here ?? there?.workspace ?? null, isGone: there?.workspace === null };
}
