import type { TokenCount, TokenKind, TokenView } from "@/lib/tokens/schema";

export type TokenAction = "enable" | "disable" | "remove";

/** "3,412", "10,000+". */
export const amountOf = ({ count, isMore }: TokenCount) => count.toLocaleString("en") + (isMore ? "+" : "");

/** "3,412 tokens", "10,000+ sessions"; for a single one "token", without its number. */
export function countOf(kind: TokenKind, total: TokenCount): string {
  const noun = kind === "session" ? "session" : "token";
  return total.count === 1 && !total.isMore ? noun : `${amountOf(total)} ${noun}s`;
}

type Named = Pick<TokenView, "kind" | "name">;

/** "3 tokens", or "token" for a single one. */
export function countIn(tokens: readonly Named[]): string {
  const areSessions = tokens.length > 0 && tokens.every((token) => token.kind === "session");
  return countOf(areSessions ? "session" : "api", { count: tokens.length, isMore: false });
}

/** The name of a single token, or the number of several. */
export function whatIn(tokens: readonly Named[]): string {
  const [only] = tokens;
  return tokens.length === 1 && only ? only.name : countIn(tokens);
}

/** The label of a button: "Disable 3 tokens", "Remove token". */
export const labelOf = (change: TokenAction, what: string) =>
  `${{ enable: "Enable", disable: "Disable", remove: "Remove" }[change]} ${what}`;

/** The progress of a change: "Disabling 3,412 tokens". */
export const doingLabelOf = (change: TokenAction, what: string) =>
  `${{ enable: "Enabling", disable: "Disabling", remove: "Removing" }[change]} ${what}`;

/** The message after a change: "Disabled nightly-export", "Removed 3 tokens". */
export const doneLabelOf = (change: TokenAction, what: string) =>
  `${{ enable: "Enabled", disable: "Disabled", remove: "Removed" }[change]} ${what}`;
