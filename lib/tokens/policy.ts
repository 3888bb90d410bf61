import { type Actor, hasAllPermissions } from "../permissions/actor";
import type { Permission } from "../permissions/catalog";
import { may } from "../permissions/effective";
import type { TokenKind, TokenView } from "./schema";
import { stateOf } from "./state";

/** The query that loads a token ensures that it is the actor's own. */
interface OwnToken {
  kind: TokenKind;
  enabled: boolean;
  expiresAt: Date;
}

const hasExpired = (token: OwnToken, now: Date) => stateOf(token, now) === "expired";

export const mayManageTokens = (who: Actor) => may(who, "tokens:manage");

/** An actor can grant only permissions that they and their token have (design 3.2). */
export const mayGrant = (who: Actor, permission: string) => may(who, permission as Permission);

export const mayGrantAllPermissions = hasAllPermissions;

export const mayEdit = (token: OwnToken) => token.kind === "api";
export const mayDuplicate = (token: OwnToken) => token.kind === "api";

/** An expired session cannot be enabled again; an expired API token can, with a new expiration. */
export const maySwitch = (token: OwnToken, now: Date) => token.kind === "api" || !hasExpired(token, now);
export const needsNewExpiration = (token: OwnToken, now: Date) => token.kind === "api" && hasExpired(token, now);

export const refusals = {
  noEditing: "Sessions can only be enabled, disabled or removed.",
  sessionIsOver: "This session has ended. It can only be removed.",
  asksItself: "This is the one you are using. Change it separately.",
  newExpirationNeeded: "This token has expired. Set a new expiration to enable it.",
};

/** What the actor can do with a token in its present state. */
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
