import type { ParameterValue, WorkspaceView } from "@/lib/workspaces/schema";

/** A `curl` command for a POSIX shell that runs the workspace with these values; the token comes from `$TESSERA_TOKEN`. */
export function runCommand({
  origin,
  workspace,
  parameters,
}: {
  /** `https://tessera.example.org`. */
  origin: string;
  workspace: Pick<WorkspaceView, "repository" | "name">;
  parameters: Record<string, ParameterValue>;
}): string {
  return [
    `curl ${shellQuoted(`${origin}${runsPath(workspace)}`)}`,
    `  -H "Authorization: Bearer $TESSERA_TOKEN"`,
    `  -H "Content-Type: application/json"`,
    `  -d ${shellQuoted(JSON.stringify({ parameters }))}`,
  ].join(" \\\n");
}

/** Where a run is submitted. */
export function runsPath({ repository, name }: Pick<WorkspaceView, "repository" | "name">): `/api/v1/${string}` {
  return `/api/v1/workspaces/${encodeURIComponent(repository)}/${encodeURIComponent(name)}/runs`;
}

const shellQuoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
