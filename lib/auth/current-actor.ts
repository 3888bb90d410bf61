import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { type CredentialFault, Refusal } from "../errors";
import type { Actor } from "../permissions/actor";
import { sessionActorOf } from "./credentials";
import { identityProviderName } from "./identity-provider";
import { pageFailure } from "./page-outage";
import { pathHeader } from "./requester";
import { returnPath } from "./return-path";
import type { SignInReason } from "./schema";

/** The viewer, or a redirect to sign in or choose a password. Refuses `unavailable`; the session then stays valid. */
export const requireActor = cache(async (): Promise<Actor> => {
  const who = await requireSignedIn();
  return who.mustChangePassword ? redirect(await changePasswordPath()) : who;
});

/** Like {@link requireActor}, but accepts a user who must still choose a password. */
export const requireSignedIn = cache(async (): Promise<Actor> => {
  const { who, fault } = await resolvePresented();
  return who ?? redirect(await signInPath(fault));
});

export const currentActor = cache(async (): Promise<Actor | null> => (await resolvePresented()).who);

export interface CurrentSession {
  userName: string;
  /** The time of the request. The session ends at `expiresAt` unless it is extended. Both are RFC 3339. */
  now: string;
  expiresAt: string;
  provider: string | null;
}

/** The session of this request, after it was extended if that was due. */
export async function currentSession(): Promise<CurrentSession> {
  const who = await requireActor();
  if (!who.asOf) throw new Error("The viewer was not verified.");
  return {
    userName: who.userName,
    now: who.now.toISOString(),
    expiresAt: who.asOf.expiresAt.toISOString(),
    provider: identityProviderName(),
  };
}

type Presented = { who: Actor; fault: null } | { who: null; fault: CredentialFault };

const resolvePresented = cache(async (): Promise<Presented> => {
  try {
    const who = await sessionActorOf(await headers());
    return who ? { who, fault: null } : { who: null, fault: "missing" };
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "unauthenticated") throw pageFailure(error);
    return { who: null, fault: error.extra.fault as CredentialFault };
  }
});

async function signInPath(fault: CredentialFault): Promise<string> {
  const query = await returnQuery();
  const reason = reasons[fault];
  if (reason) query.set("reason", reason);
  return withQuery("/sign-in", query);
}

const changePasswordPath = async () => withQuery("/change-password", await returnQuery());

async function returnQuery(): Promise<URLSearchParams> {
  const path = returnPath((await headers()).get(pathHeader));
  return new URLSearchParams(path === "/" ? {} : { return: path });
}

const withQuery = (path: string, query: URLSearchParams) => (query.size > 0 ? `${path}?${query}` : path);

const reasons: Record<CredentialFault, SignInReason | null> = {
  missing: null,
  expired: "expired",
  disabled: "ended",
  invalid: "ended",
};
