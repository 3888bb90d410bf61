"use client";

import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { api } from "@/components/forms/api";
import { useAction } from "@/components/forms/use-action";
import { notify } from "@/components/ui/toaster";
import { fileUrlOf } from "@/lib/repositories/schema";
import type { FileMention } from "@/lib/workspaces/schema";

/** Removes a data file after a confirmation. The confirmation names the workspaces that read the file, if the user may download
 * them. Render `dialog` once. */
export function useFileRemoval(
  repository: string,
  mayDownload: boolean,
): { start: (name: string) => void; dialog: ReactNode } {
  const router = useRouter();
  const { act } = useAction();
  const { ask, dialog } = useAction();

  const start = (name: string) =>
    act(async () => {
      const path = fileUrlOf({ repository, file: name });
      const read = () => api<{ items: FileMention[] }>("GET", `${path}/workspaces`);
      const text = mayDownload
        ? effectOf((await read()).items)
        : "Workspaces that read it fail. It cannot be restored.";
      ask({ title: `Remove ${name}?`, confirm: "Remove file", text }, async () => {
        await api("DELETE", path);
        notify.success(`Removed ${name}`);
        router.refresh();
      });
    });

  return { start, dialog };
}

const shownNames = 5;

function effectOf(mentions: FileMention[]): string {
  if (mentions.length === 0) return "No workspace in this repository names this file. It cannot be restored.";
  const names = mentions.slice(0, shownNames).map(({ name }) => name);
  const more = mentions.length > shownNames ? ` and ${mentions.length - shownNames} more` : "";
  return `These workspaces name this file and may fail without it: ${names.join(", ")}${more}. The file cannot be restored.`;
}
