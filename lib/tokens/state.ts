/** Design 2: `disabled` is a switch the owner flips, `expired` is derived from time and never stored. */
export type TokenState = "active" | "disabled" | "expired";

/** The state of a token at a moment. Expired wins over disabled; a token is expired from its expiry on (design 3.1.4). */
export function stateOf(token: { enabled: boolean; expiresAt: Date }, now: Date): TokenState {
  if (token.expiresAt <= now) return "expired";
  return token.enabled ? "active" : "disabled";
}
