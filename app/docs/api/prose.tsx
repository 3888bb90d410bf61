import type { ReactNode } from "react";

/** A sentence of the API document: what stands between backticks is code. */
export function Prose({ children }: { children: string }): ReactNode {
  return children.split("`").map((text, index) =>
    index % 2 === 0 ? (
      text
    ) : (
      <code key={`${index}-${text}`} className="font-mono text-sm break-words">
        {text}
      </code>
    ),
  );
}
