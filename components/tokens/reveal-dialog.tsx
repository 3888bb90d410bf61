"use client";

import { Download } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { api } from "@/components/forms/api";
import { Checkbox } from "@/components/forms/choice";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";
import { SecretValue, useLeaveGuard } from "@/components/ui/secret-value";
import { Skeleton } from "@/components/ui/skeleton";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import { firstUseOf } from "./run-command";

/**
 * Shows a new token's value, the only time. Neither Escape, nor a click beside it, nor the Back button leaves it; closing
 * the page asks first. The value lives in the state of whoever renders this, and goes with it.
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
  /** A workspace that the token may run, for the ready command; null when it may run none. */
  runnable: Pick<WorkspaceView, "repository" | "name"> | null;
  onDone: () => void;
  /** What else came of it, shown first. */
  children?: ReactNode;
}) {
  const [isSaved, setSaved] = useState(false);
  const workspace = useWorkspace(runnable);
  const command = workspace !== undefined && firstUseOf(value, window.location.origin, workspace);
  useLeaveGuard();

  return (
    <Dialog
      open
      wide
      leavable={false}
      onOpenChange={() => {}}
      title="Copy your token now"
      description="You won't be able to see it again. Anyone who has it can act on your behalf, so keep it secret."
      footer={
        <div className="flex flex-1 flex-wrap items-center justify-between gap-3">
          <Checkbox
            label="I have saved this token"
            checked={isSaved}
            onChange={(event) => setSaved(event.target.checked)}
          />
          <Button variant="primary" disabled={!isSaved} onClick={onDone}>
            Done
          </Button>
        </div>
      }
    >
      {children}
      <SecretValue label={`Token: ${name}`} text={value}>
        <CopyButton text={value} label="Copy token" />
        <Button icon={<Download aria-hidden />} onClick={() => download(name, value)}>
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
    </Dialog>
  );
}

function download(name: string, value: string) {
  const url = URL.createObjectURL(new Blob([`${value}\n`], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `tessera-token-${name.replace(/[<>:"|?*]/g, "_")}.txt`;
  link.click();
  URL.revokeObjectURL(url);
}

/** The workspace with its parameters; undefined until the server has answered, null when it does not give it. */
function useWorkspace(runnable: Pick<WorkspaceView, "repository" | "name"> | null): WorkspaceView | null | undefined {
  const [workspace, setWorkspace] = useState<WorkspaceView | null>();
  const path = runnable && [runnable.repository, runnable.name].map(encodeURIComponent).join("/");
  useEffect(() => {
    if (path === null) return setWorkspace(null);
    let isShown = true;
    const keep = (answer: WorkspaceView | null) => isShown && setWorkspace(answer);
    // The command is a convenience: the value above must never wait for it, or be lost with it.
    api<WorkspaceView>("GET", `/api/v1/workspaces/${path}`).then(keep, () => keep(null));
    return () => {
      isShown = false;
    };
  }, [path]);
  return workspace;
}
