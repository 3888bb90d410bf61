"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { api } from "@/components/forms/api";
import { useAction } from "@/components/forms/use-action";
import { part } from "@/components/parts/part";
import { Button } from "@/components/ui/button";
import { notify } from "@/components/ui/toaster";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import { workspaceUrl } from "./run-page-url";

const MoveDialog = part(() => import("./move-dialog"), { onClose: ({ onClose }) => onClose() });

/** Renames, moves and removes a workspace. */
export function WorkspaceActions({
  workspace,
  repositories,
  apps,
}: {
  workspace: WorkspaceView;
  /** Those to which it can be moved. */
  repositories: string[];
  /** The apps that stop if it is removed: the names of those that the user may manage, and the number of the others. */
  apps: { names: string[]; others: number };
}) {
  const router = useRouter();
  const { ask, dialog } = useAction();
  const [isMoving, setMoving] = useState(false);
  const confirmation = {
    title: `Remove ${workspace.title}?`,
    confirm: "Remove workspace",
    text: `${stoppedSentence(apps)} Programs can't run it any more, and its sharing ends. Past jobs are kept. This can't be undone.`,
  };

  async function remove() {
    await api("DELETE", workspaceUrl(workspace));
    notify.success(`Removed ${workspace.title}`);
    router.push("/workspaces");
  }

  return (
    <>
      {workspace.can.replace && (
        <Button onPointerEnter={MoveDialog.preload} onFocus={MoveDialog.preload} onClick={() => setMoving(true)}>
          Rename or move…
        </Button>
      )}
      <Button onClick={() => ask(confirmation, remove)}>Remove…</Button>
      {isMoving && <MoveDialog workspace={workspace} repositories={repositories} onClose={() => setMoving(false)} />}
      {dialog}
    </>
  );
}

function stoppedSentence({ names, others }: { names: string[]; others: number }): string {
  const hidden = others === 0 ? [] : [others === 1 ? "an app of someone else" : `${others} apps of other people`];
  const stopped = [...names, ...hidden];
  if (stopped.length === 0) return "No app uses it.";
  const list = new Intl.ListFormat("en").format(stopped);
  return stopped.length === 1 && others < 2 ? `This app stops working: ${list}.` : `These apps stop working: ${list}.`;
}
