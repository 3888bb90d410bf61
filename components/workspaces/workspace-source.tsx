import { ChevronRight } from "lucide-react";

/** The text of a workspace, to read. Closed at first; it opens without a script. */
export function WorkspaceSource({ source }: { source: string }) {
  return (
    <details className="group rounded border border-line bg-surface">
      <summary className="flex h-10 list-none items-center gap-2 rounded px-4 font-medium hover:bg-sunken/60 focus-visible:-outline-offset-2 [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 text-muted group-open:rotate-90" />
        Source
      </summary>
      <pre className="border-t border-line px-4 py-3 font-mono text-sm break-words whitespace-pre-wrap">{source}</pre>
    </details>
  );
}
