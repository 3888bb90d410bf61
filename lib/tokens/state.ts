/** The owner sets `disabled`; `expired` is derived from the time and never stored (design 2). */
export type TokenState = "active" | "disabled" | "expired";

/** The state of a token at a time. It is expired from `expiresAt` on, also when it is disabled (design 3.1.4). */
export function stateOf(token: { enabled: boolean; expiresAt: Date }, now: Date): TokenState {
  if (token.expiresAt <= now) return "expired";
  return token.enabled ? "active" : "disabled";
}
