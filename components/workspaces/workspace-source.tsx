import { ChevronRight } from "lucide-react";

/** Shows the source of a workspace. It is collapsed at first and opens without JavaScript. */
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
