"use client";

import { CopyButton } from "@/components/ui/copy-button";
import { useOrigin } from "@/components/ui/use-origin";
import { publishCommand } from "./publish-command";

/** Shows the commands that publish a workspace. Without a repository, the first command creates one. */
export function PublishHint({ repository }: { repository: string | null }) {
  const command = publishCommand(useOrigin(), repository);
  return (
    <div className="flex flex-col items-start gap-3">
      <pre className="rounded border border-line bg-surface px-4 py-3 text-left font-mono text-sm break-all whitespace-pre-wrap text-ink">
        {command}
      </pre>
      <CopyButton text={command} label="Copy commands" />
    </div>
  );
}
