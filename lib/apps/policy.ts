import type { Prisma } from "../generated/prisma/client";
import { type Actor, reachableItems } from "../permissions/actor";
import { may } from "../permissions/effective";
import { mayManageTokens } from "../tokens/policy";
import type { AppCure, AppFault, AppView } from "./schema";
import { cures } from "./state";

interface ManagedApp {
  slug: string;
  ownerId: string;
  enabled: boolean;
  token: { id: string } | null;
}

export const mayManage = (who: Actor, slug: string) => may(who, `app/${slug}:manage`);

/** Only the owner manages an app's token, even where others manage the app (design 3.1.1). */
export const isTokenOwner = (who: Actor, app: { ownerId: string }) => app.ownerId === who.userId;

export function visibleTo(who: Actor): Prisma.AppWhereInput {
  const reachable = reachableItems(who);
  return reachable === "all" ? {} : { slug: { in: reachable.apps.filter((slug) => mayManage(who, slug)) } };
}

/** They are public sentences, for one app and for several. */
export const refusals = {
  othersToken: "Only the owner can change the expiration of the app's token or replace it.",
  noToken: "The token of this app was removed. Replace it with a new one.",
  noWorkspace: "The workspace of this app was removed, so the app can only be removed.",
};

export function canOf(who: Actor, app: ManagedApp): AppView["can"] {
  const manages = mayManage(who, app.slug);
  return {
    edit: manages,
    enable: manages && !app.enabled,
    disable: manages && app.enabled,
    expire: manages && isTokenOwner(who, app) && app.token !== null,
    issueToken: manages && isTokenOwner(who, app),
    duplicate: manages && may(who, "apps:create"),
    remove: manages,
  };
}

/** The faults that the actor may know. For others, `owner` stands for the faults of the owner and their token. */
export function visibleFaults(who: Actor, app: ManagedApp, faults: readonly AppFault[]): AppView["faults"] {
  const visible = isTokenOwner(who, app)
    ? faults
    : new Set(faults.map((fault) => (isOwnerFault(fault) ? "owner" : fault)));
  return [...visible].map((fault) => ({ fault, cures: cures[fault].filter((cure) => mayCure(who, app, cure)) }));
}

/** Faults that only the owner learns. An expired token is not among them, since the app shows its date. */
const isOwnerFault = (fault: AppFault) => /^(token|owner)-/.test(fault) && fault !== "token-expired";

function mayCure(who: Actor, app: ManagedApp, cure: AppCure): boolean {
  if (!mayManage(who, app.slug)) return false;
  if (cure === "enable-app" || cure === "edit-parameters") return true;
  return isTokenOwner(who, app) && (cure !== "enable-token" || mayManageTokens(who));
}
