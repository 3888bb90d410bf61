import { type Actor, hasAllPermissions } from "../permissions/actor";
import type { Permission } from "../permissions/catalog";
import { everything, holds, may } from "../permissions/effective";
import type { TokenKind, TokenView } from "./schema";
import { stateOf } from "./state";

interface Given {
  allPermissions: boolean;
  permissions: readonly string[];
}

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

/** The first thing that a token was given and the actor's token was not: a permission, `*` for All Permissions, or null.
 * What the owner has lost since counts too, since it may return (design 3.1.5). */
export function givenBeyond(who: Actor, { allPermissions, permissions }: Given): string | null {
  if (hasAllPermissions(who)) return null;
  if (allPermissions) return everything;
  return permissions.find((permission) => !holds(who.given, permission as Permission)) ?? null;
}

/** The latest expiration that the actor can give, when this one is later; null when they may give it (design 3.2). */
export function expirationBeyond({ expirationMax }: { expirationMax: Date | null }, expiresAt: Date): Date | null {
  return expirationMax !== null && expiresAt > expirationMax ? expirationMax : null;
}

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
  givenMore: (permission: string) =>
    permission === everything
      ? "This token has All Permissions, and the token you are using does not. Sign in, or use a token with All Permissions."
      : `This token has the permission ${permission}, and the token you are using does not. Sign in, or use a token that has it.`,
  outlives: (latest: Date) =>
    `What a token gives ends with it at the latest. Choose an expiration up to ${latest.toISOString()}, or sign in.`,
};

/** What the actor can do with a token in its present state. */
export function canOf(who: Actor, token: OwnToken & Given): TokenView["can"] {
  const manages = mayManageTokens(who);
  const gives = manages && givenBeyond(who, token) === null;
  const state = stateOf(token, who.now);
  return {
    edit: manages && mayEdit(token),
    enable: gives && maySwitch(token, who.now) && state !== "active",
    disable: manages && maySwitch(token, who.now) && state === "active",
    duplicate: gives && mayDuplicate(token),
    remove: manages,
  };
}
