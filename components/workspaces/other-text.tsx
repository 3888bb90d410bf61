import type { MouseEvent } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";

/** What is published now in place of the text that was edited. */
export type Published = { text: string; tag: string } | "removed";

/** Says that the workspace was changed while it was edited, and what the author can do. */
export function OtherText({
  published,
  busy,
  onReplace,
  onTake,
}: {
  published: Published;
  busy: boolean;
  onReplace: (event: MouseEvent) => void;
  onTake: (published: { text: string; tag: string }) => void;
}) {
  if (published === "removed") {
    return (
      <Notice tone="warn" title="This workspace was removed while you edited it.">
        <p>Your text was not published, and is still here.</p>
        <Button size="sm" className="mt-2" busy={busy} onClick={onReplace}>
          Publish it again
        </Button>
      </Notice>
    );
  }
  return (
    <Notice tone="warn" title="Someone else published another text while you edited this one.">
      <p>Your text was not published, and is still here. Compare it with the published text before you replace that.</p>
      <details className="mt-2">
        <summary className="w-fit rounded-[4px]">The published text</summary>
        <pre className="mt-2 rounded border border-line bg-surface px-3 py-2 font-mono text-sm break-words whitespace-pre-wrap">
          {published.text}
        </pre>
      </details>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button size="sm" busy={busy} onClick={onReplace}>
          Replace it with my text
        </Button>
        <Button size="sm" onClick={() => onTake(published)}>
          Edit the published text instead
        </Button>
      </div>
    </Notice>
  );
}
