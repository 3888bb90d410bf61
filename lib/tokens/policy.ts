import { type Actor, hasAllPermissions } from "../permissions/actor";
import type { Permission } from "../permissions/catalog";
import { may } from "../permissions/effective";
import type { TokenKind, TokenView } from "./schema";
import { stateOf } from "./state";

/** What the rules need to know of a token. That it is the actor's own is settled by the query that loaded it. */
interface OwnToken {
  kind: TokenKind;
  enabled: boolean;
  expiresAt: Date;
}

const hasExpired = (token: OwnToken, now: Date) => stateOf(token, now) === "expired";

/** Whoever is signed in; a token only if it was given `tokens:manage` or All Permissions. */
export const mayManageTokens = (who: Actor) => may(who, "tokens:manage");

/** Nobody gives what they do not hold, and no token what it was not given itself (design 3.2). */
export const mayGrant = (who: Actor, permission: string) => may(who, permission as Permission);

/** The symbol comes only from a hand that has it. */
export const mayGrantAllPermissions = hasAllPermissions;

export const mayEdit = (token: OwnToken) => token.kind === "api";
export const mayDuplicate = (token: OwnToken) => token.kind === "api";

/** An expired session is over; an expired API token comes back with a new expiration. */
export const maySwitch = (token: OwnToken, now: Date) => token.kind === "api" || !hasExpired(token, now);
export const needsNewExpiration = (token: OwnToken, now: Date) => token.kind === "api" && hasExpired(token, now);

/** The sentences of a no, for a single token as for many. */
export const refusals = {
  noEditing: "A session can be enabled, disabled and removed, and nothing else.",
  sessionIsOver: "This session is over; it can only be removed.",
  asksItself: "This is the one you are using; change it by itself.",
  newExpirationNeeded: "This token has expired; give it a new expiration to enable it.",
};

/** What the actor can do with a token as it stands: what a page offers. Removing is always open to the owner. */
export function canOf(who: Actor, token: OwnToken): TokenView["can"] {
  const manages = mayManageTokens(who);
  const state = stateOf(token, who.now);
  return {
    edit: manages && mayEdit(token),
    enable: manages && maySwitch(token, who.now) && state !== "active",
    disable: manages && maySwitch(token, who.now) && state === "active",
    duplicate: manages && mayDuplicate(token),
    remove: manages,
  };
}
