import { openingValues, runParameters } from "@/components/runs/parameter-values";
import { runCommand } from "@/components/runs/run-command";
import { runPermission } from "@/lib/permissions/catalog";
import type { GrantableItems, TokenView } from "@/lib/tokens/schema";
import type { PublishedParameter, WorkspaceView } from "@/lib/workspaces/schema";

/** The first workspace that the token may run, or null. */
export function runnableBy(
  token: Pick<TokenView, "allPermissions" | "permissions">,
  { repositories }: GrantableItems,
): Pick<WorkspaceView, "repository" | "name"> | null {
  const given = new Set(token.permissions);
  const workspaces = repositories.flatMap((repository) =>
    repository.workspaces.map(({ name, permissions }) => ({ repository: repository.name, name, permissions })),
  );
  const runnable = workspaces.find(({ repository, name, permissions }) => {
    const run = runPermission({ repository, name });
    const isGiven = token.allPermissions || given.has(run) || given.has(`repository/${repository}:run`);
    return isGiven && permissions.includes(run);
  });
  return runnable ?? null;
}

/** A shell command that runs the workspace with the token; without a workspace it reads the token's own description. */
export function firstUseOf(value: string, origin: string, workspace: WorkspaceView | null): string {
  const line = workspace
    ? runCommand({ origin, workspace, parameters: exampleParameters(workspace.parameters) })
    : `curl '${origin}/api/v1/token' \\\n  -H "Authorization: Bearer $TESSERA_TOKEN"`;
  return line.replace("$TESSERA_TOKEN", () => value);
}

/** Valid parameters: the defaults, and an example of the right type where there is none. */
function exampleParameters(parameters: PublishedParameter[]) {
  const missing = parameters.filter((parameter) => parameter.default === null && !parameter.optional);
  const examples = Object.fromEntries(missing.map((parameter) => [parameter.name, exampleOf(parameter)]));
  return runParameters(parameters, openingValues(parameters, examples));
}

function exampleOf({ type, options, min, label }: PublishedParameter): string {
  if (type === "choice") return options?.[0]?.value ?? "";
  if (type === "boolean") return "false";
  if (min !== null) return String(min);
  return { text: label, integer: "1", number: "1", date: "2026-01-31" }[type];
}
