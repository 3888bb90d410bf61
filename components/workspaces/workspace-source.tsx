import { ChevronRight, Download } from "lucide-react";
import { classesFor } from "@/components/ui/button";
import type { WorkspacePath } from "@/lib/workspaces/schema";
import { workspaceUrl } from "./run-page-url";

/** Shows the source of a workspace, and downloads it. It is collapsed at first and opens without JavaScript. */
export function WorkspaceSource({ workspace, source }: { workspace: WorkspacePath; source: string }) {
  return (
    <details className="group rounded border border-line bg-surface">
      <summary className="flex h-10 list-none items-center gap-2 rounded px-4 font-medium hover:bg-sunken/60 focus-visible:-outline-offset-2 [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 text-muted group-open:rotate-90" />
        Source
      </summary>
      <div className="border-t border-line px-4 py-3">
        <a
          href={`${workspaceUrl(workspace)}/source`}
          download={`${workspace.name}.sql`}
          className={classesFor({ size: "sm" })}
        >
          <Download aria-hidden />
          Download {workspace.name}.sql
        </a>
        <pre className="mt-3 font-mono text-sm break-words whitespace-pre-wrap">{source}</pre>
      </div>
    </details>
  );
}
