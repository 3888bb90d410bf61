"use client";

import { Download } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { api } from "@/components/forms/api";
import { SecretDialog } from "@/components/forms/secret-dialog";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { saveText } from "@/components/ui/save-text";
import { SecretValue } from "@/components/ui/secret-value";
import { Skeleton } from "@/components/ui/skeleton";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import { firstUseOf } from "./first-use";

/**
 * Shows a new token's value for the only time, with a command that uses it.
 */
export default function RevealDialog({
  name,
  value,
  runnable,
  onDone,
  children,
}: {
  name: string;
  value: string;
  /** A workspace that the token may run, for the command; null when there is none. */
  runnable: Pick<WorkspaceView, "repository" | "name"> | null;
  onDone: () => void;
  /** Shown above the value. */
  children?: ReactNode;
}) {
  const workspace = useWorkspace(runnable);
  const command = workspace !== undefined && firstUseOf(value, window.location.origin, workspace);

  return (
    <SecretDialog
      wide
      noun="token"
      title="Copy your token now"
      description="You won't be able to see it again. Anyone who has it can act on your behalf, so keep it secret."
      onDone={onDone}
    >
      {children}
      <SecretValue label={`Token: ${name}`} text={value}>
        <CopyButton text={value} label="Copy token" />
        <Button icon={<Download aria-hidden />} onClick={() => saveText(fileNameOf(name), value)}>
          Download
        </Button>
      </SecretValue>
      {command ? (
        <SecretValue
          label={workspace ? `Run ${workspace.title} with this token` : "See what this token can do"}
          text={command}
        >
          <CopyButton text={command} label="Copy command" />
        </SecretValue>
      ) : (
        <Skeleton className="h-40" />
      )}
    </SecretDialog>
  );
}

/** The name of the file without characters that some file systems refuse. */
const fileNameOf = (name: string) => `tessera-token-${name.replace(/[<>:"|?*]/g, "_")}.txt`;

/** Loads the workspace with its parameters: undefined while loading, null when it cannot be read. */
function useWorkspace(runnable: Pick<WorkspaceView, "repository" | "name"> | null): WorkspaceView | null | undefined {
  const [workspace, setWorkspace] = useState<WorkspaceView | null>();
  const path = runnable && [runnable.repository, runnable.name].map(encodeURIComponent).join("/");
  useEffect(() => {
    if (path === null) return setWorkspace(null);
    let isShown = true;
    const keep = (answer: WorkspaceView | null) => isShown && setWorkspace(answer);
    // The value must not wait for the command, or be lost when the workspace cannot be read.
    api<WorkspaceView>("GET", `/api/v1/workspaces/${path}`).then(keep, () => keep(null));
    return () => {
      isShown = false;
    };
  }, [path]);
  return workspace;
}
