import { invalid } from "../errors";
import type { PublishedParameter } from "./schema";

/** What a run does with a body that is no run request: ignores it, or takes it as the text of a parameter. */
export type BodyRule = "ignored" | { parameter: string };

/** How much of a file contains its header; the header itself is shorter (lib/workspaces/file.ts). */
export const headerPartMax = 100_000;

/**
 * The rule in the header of a workspace file: the line `body: ignored` or `body: NAME`. It is read without a YAML parser, because each
 * request with such a body reads it.
 *
 * @param source the file, or its first `headerPartMax` characters.
 * @returns null when the header has no such line.
 */
export function bodyRuleIn(source: string): BodyRule | null {
  const header = /^\uFEFF?\s*\/\*---\r?\n(.*?)\r?\n---\*\//s.exec(source.slice(0, headerPartMax))?.[1] ?? "";
  const word = /^body:[ \t]+(["']?)(\w+)\1[ \t]*(?:#.*)?\r?$/m.exec(header)?.[2];
  if (word === undefined) return null;
  return word === "ignored" ? word : { parameter: word };
}

/**
 * Checks the `body` of a header.
 *
 * @param written as YAML reads it.
 * @throws Refusal `invalid` on `body`: unless it is `ignored` or a text parameter, on a line of its own
 */
export function demandBodyRule(
  written: string | undefined,
  source: string,
  parameters: readonly PublishedParameter[],
): void {
  const rule = bodyRuleIn(source);
  const word = rule === null || rule === "ignored" ? rule : rule.parameter;
  if (word !== (written ?? null)) {
    throw invalid(
      "body",
      "In the header, body: must be on a line of its own: `body: ignored`, or the name of a parameter.",
    );
  }
  const isKnown = parameters.some(({ name, type }) => name === word && type === "text");
  if (word !== null && word !== "ignored" && !isKnown) {
    throw invalid("body", "In the header, body: must be ignored, or the name of a parameter of type text.");
  }
}
