import { createElement, Fragment } from "react";

/** A sentence of the API document: what stands between backticks is code. */
export function Prose({ children }: { children: string }) {
  const pieces = children.split("`").map((text, index) => (index % 2 === 0 ? text : codeOf(text)));
  return createElement(Fragment, null, ...pieces);
}

const codeOf = (text: string) => <code className="font-mono text-sm break-words">{text}</code>;
