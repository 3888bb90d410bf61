"use client";

import { KeyRound } from "lucide-react";
import { ButtonLink } from "@/components/ui/button-link";
import { CopyButton } from "@/components/ui/copy-button";
import { Section } from "@/components/ui/section";
import { useOrigin } from "@/components/ui/use-origin";
import { runPermission } from "@/lib/permissions/catalog";
import type { ParameterValue, WorkspaceView } from "@/lib/workspaces/schema";
import { runCommand } from "./run-command";

/** Shows a shell command for the same run, and links to a new token that has only the permission for it. */
export function UseFromProgram({
  workspace,
  parameters,
}: {
  workspace: Pick<WorkspaceView, "repository" | "name">;
  parameters: Record<string, ParameterValue>;
}) {
  const origin = useOrigin();
  const command = runCommand({ origin, workspace, parameters });
  const permission = runPermission(workspace);
  return (
    <Section
      title="Run through the API"
      description="This command runs the workspace with the values above. Set TESSERA_TOKEN to a token that can run it."
      actions={
        <>
          <CopyButton text={command} label="Copy command" />
          <ButtonLink
            href={`/settings/tokens/new?${new URLSearchParams({ permission })}`}
            icon={<KeyRound aria-hidden />}
          >
            Create a token for this workspace
          </ButtonLink>
        </>
      }
    >
      <pre className="rounded border border-line bg-surface px-4 py-3 font-mono text-sm break-all whitespace-pre-wrap">
        {command}
      </pre>
    </Section>
  );
}
