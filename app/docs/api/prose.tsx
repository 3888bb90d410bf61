import { createElement, Fragment } from "react";

/** A sentence of the API document. Text between backticks is shown as code. */
export function Prose({ children }: { children: string }) {
  const pieces = children.split("`").map((text, index) => (index % 2 === 0 ? text : codeOf(text)));
  return createElement(Fragment, null, ...pieces);
}

const codeOf = (text: string) => <code className="font-mono text-sm break-words">{text}</code>;
