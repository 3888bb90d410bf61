import { Children, type ReactNode } from "react";

/** A sentence of the API document: what stands between backticks is code. */
export function Prose({ children }: { children: string }): ReactNode {
  const pieces = children.split("`").map((text, index) => (index % 2 === 0 ? text : codeOf(text)));
  return Children.toArray(pieces);
}

const codeOf = (text: string) => <code className="font-mono text-sm break-words">{text}</code>;
