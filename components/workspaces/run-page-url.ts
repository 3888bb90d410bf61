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
  return `/workspaces/${encodeURIComponent(repository)}/${encodeURIComponent(workspace)}${query && `?${query}`}`;
}
