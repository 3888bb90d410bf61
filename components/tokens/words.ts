import type { TokenView } from "@/lib/tokens/schema";

export type Change = "enable" | "disable" | "remove";

const verbs = { enable: "Enable", disable: "Disable", remove: "Remove" };
const past = { enable: "Enabled", disable: "Disabled", remove: "Removed" };

type Named = Pick<TokenView, "kind" | "name">;

/** "1 token", "3 tokens", "3 sessions". */
export function countOf(tokens: readonly Named[]): string {
  const noun = tokens.every((token) => token.kind === "session") && tokens.length > 0 ? "session" : "token";
  return `${tokens.length} ${noun}${tokens.length === 1 ? "" : "s"}`;
}

/** What a button does: "Disable 3 tokens". */
export const labelOf = (change: Change, tokens: readonly Named[]) => `${verbs[change]} ${countOf(tokens)}`;

/** What was done: "Disabled nightly-export", "Removed 3 tokens". */
export function doneLabelOf(change: Change, tokens: readonly Named[]): string {
  const [only] = tokens;
  return `${past[change]} ${tokens.length === 1 && only ? only.name : countOf(tokens)}`;
}
