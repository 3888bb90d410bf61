import type { ParameterValue, WorkspaceView } from "@/lib/workspaces/schema";

/** A `curl` command for a POSIX shell that runs the workspace with these values. It takes the token from `$TESSERA_TOKEN`. */
export function runCommand({
  origin,
  workspace,
  parameters,
}: {
  /** Of this server, like `https://tessera.example.org`. */
  origin: string;
  workspace: Pick<WorkspaceView, "repository" | "name">;
  parameters: Record<string, ParameterValue>;
}): string {
  return [
    `curl ${quoteForShell(`${origin}${runsPath(workspace)}`)}`,
    `  -H "Authorization: Bearer $TESSERA_TOKEN"`,
    `  -H "Content-Type: application/json"`,
    `  -d ${quoteForShell(JSON.stringify({ parameters }))}`,
  ].join(" \\\n");
}

export function runsPath({ repository, name }: Pick<WorkspaceView, "repository" | "name">): `/api/v1/${string}` {
  return `/api/v1/workspaces/${encodeURIComponent(repository)}/${encodeURIComponent(name)}/runs`;
}

const quoteForShell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
