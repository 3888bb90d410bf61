"use client";

import RevealDialog from "@/components/tokens/reveal-dialog";
import type { AppWithToken } from "@/lib/apps/schema";
import { AppUrl } from "./app-url";

/** Shows an app's URL and, for the only time, the value of its new token. */
export default function TokenReveal({
  app: { slug, name, repository, workspace },
  value,
  onDone,
}: {
  app: AppWithToken;
  value: string;
  onDone: () => void;
}) {
  return (
    <RevealDialog name={name} value={value} runnable={{ repository, name: workspace }} onDone={onDone}>
      <div className="flex flex-col gap-2">
        <p className="text-sm font-medium">App URL</p>
        <AppUrl slug={slug} />
        <p className="text-muted">
          Visitors don't need this token. Copy it only if a program also needs to run the workspace.
        </p>
      </div>
    </RevealDialog>
  );
}
