/** `disabled` is set by the owner; `expired` is derived from the time and never stored (design 2). */
export type TokenState = "active" | "disabled" | "expired";

/** A token is expired from `expiresAt` on, also when it is disabled (design 3.1.4). */
export function stateOf(token: { enabled: boolean; expiresAt: Date }, now: Date): TokenState {
  if (token.expiresAt <= now) return "expired";
  return token.enabled ? "active" : "disabled";
}
