import type { ParameterValue, WorkspacePath } from "@/lib/workspaces/schema";

/** Returns the URL of a workspace in the API. */
export const workspaceUrl = ({ repository, name }: WorkspacePath) =>
  `/api/v1/workspaces/${encodeURIComponent(repository)}/${encodeURIComponent(name)}` as const;

/** Returns the URL of a workspace's run page. The page fills the given values into its form. */
export function runPageOf(
  { repository, workspace }: { repository: string; workspace: string },
  parameters: Record<string, ParameterValue | null> = {},
): string {
  const given = Object.entries(parameters).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]]));
  const query = new URLSearchParams(given).toString();
  return `${workspacePathOf({ repository, workspace })}${query && `?${query}`}`;
}

/** The path of a workspace: of its page in the console, and under `/api/v1` in the API. */
export const workspacePathOf = ({ repository, workspace }: { repository: string; workspace: string }) =>
  `/workspaces/${encodeURIComponent(repository)}/${encodeURIComponent(workspace)}` as const;
