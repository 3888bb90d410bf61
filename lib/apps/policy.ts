import type { Prisma } from "../generated/prisma/client";
import { type Actor, reachableItems } from "../permissions/actor";
import { may } from "../permissions/effective";
import { mayManageTokens } from "../tokens/policy";
import type { AppCure, AppFault, AppView } from "./schema";
import { cures } from "./state";

/** What the rules need to know of an app. */
interface KnownApp {
  slug: string;
  ownerId: string;
  enabled: boolean;
  token: { id: string } | null;
}

export const mayManage = (who: Actor, slug: string) => may(who, `app/${slug}:manage`);

/** People manage their own tokens and nobody else's, whatever they may do with the app (design 3.1.1). */
export const ownsToken = (who: Actor, app: { ownerId: string }) => app.ownerId === who.userId;

/** The apps that the actor may manage. */
export function visibleTo(who: Actor): Prisma.AppWhereInput {
  const reachable = reachableItems(who);
  return reachable === "all" ? {} : { slug: { in: reachable.apps.filter((slug) => mayManage(who, slug)) } };
}

/** The sentences of a no, for a single app as for many. */
export const refusals = {
  othersToken: "Its token is its owner's: only they give it another expiration or issue a new one.",
  noToken: "The token of this app was removed; issue a new one.",
  noWorkspace: "The workspace of this app was removed; nothing but removing the app is left to do.",
};

export function canOf(who: Actor, app: KnownApp): AppView["can"] {
  const manages = mayManage(who, app.slug);
  return {
    edit: manages,
    enable: manages && !app.enabled,
    disable: manages && app.enabled,
    expire: manages && ownsToken(who, app) && app.token !== null,
    issueToken: manages && ownsToken(who, app),
    duplicate: manages && may(who, "apps:create"),
    remove: manages,
  };
}

/** The faults as this reader may know them, each with what they can do about it. */
export function visibleFaults(who: Actor, app: KnownApp, faults: readonly AppFault[]): AppView["faults"] {
  const told = ownsToken(who, app) ? faults : new Set(faults.map((fault) => (isOwnerFault(fault) ? "owner" : fault)));
  return [...told].map((fault) => ({ fault, cures: cures[fault].filter((cure) => mayCure(who, app, cure)) }));
}

/** That a token has expired shows in the date of the app; the rest is between its owner and nobody. */
const isOwnerFault = (fault: AppFault) => /^(token|owner)-/.test(fault) && fault !== "token-expired";

function mayCure(who: Actor, app: KnownApp, cure: AppCure): boolean {
  if (!mayManage(who, app.slug)) return false;
  if (cure === "enable-app" || cure === "edit-parameters") return true;
  return ownsToken(who, app) && (cure !== "enable-token" || mayManageTokens(who));
}
