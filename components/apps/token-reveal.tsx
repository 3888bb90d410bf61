"use client";

import RevealDialog from "@/components/tokens/reveal-dialog";
import type { AppWithToken } from "@/lib/apps/schema";
import { AppUrl } from "./app-url";

/** Shows an app's URL and, this once, the value of the token that was issued for it. */
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
        <p className="text-sm font-medium">URL for visitors</p>
        <AppUrl slug={slug} />
        <p className="text-muted">
          Visitors need no token: the app carries its own. Keep the value only if a program shall run the workspace too.
        </p>
      </div>
    </RevealDialog>
  );
}
