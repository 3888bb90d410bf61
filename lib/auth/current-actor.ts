import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { db } from "../db";
import { type CredentialFault, Refusal } from "../errors";
import type { Actor } from "../permissions/actor";
import { actorOf } from "./credentials";
import { identityProvider } from "./identity-provider";
import { pageFailure } from "./page-outage";
import { pathHeader } from "./requester";
import { returnPath } from "./return-path";
import type { SignInReason } from "./schema";

/**
 * Who looks at this page. Asked once per request, however many components want to know.
 *
 * Without a valid session the visitor goes to the sign-in page, is told why, and comes back here afterwards; with a
 * one-time password, to where they choose one of their own.
 *
 * @throws Refusal `unavailable` when the database is out of reach: nobody is signed out for that.
 */
export const requireActor = cache(async (): Promise<Actor> => {
  const who = await requireSignedIn();
  return who.mustChangePassword ? redirect(await changePasswordPath()) : who;
});

/** The same, but also for somebody who has yet to choose a password of their own. */
export const requireSignedIn = cache(async (): Promise<Actor> => {
  const { who, fault } = await resolvePresented();
  return who ?? redirect(await signInPath(fault));
});

/** Who looks at this page, or null for somebody who is not signed in. */
export const currentActor = cache(async (): Promise<Actor | null> => (await resolvePresented()).who);

/** What the open page needs to know to keep its session. */
export interface CurrentSession {
  userName: string;
  /** The moment of this page, and when the session ends unless it is extended. RFC 3339. */
  now: string;
  expiresAt: string;
  /** What the identity provider is called, if there is one. */
  provider: string | null;
}

/** The session that looks at this page, after it has been extended if that was due. */
export async function currentSession(): Promise<CurrentSession> {
  const who = await requireActor();
  const session = await db.token.findUnique({ where: { id: who.token.id }, select: { expiresAt: true } });
  if (!session) return redirect(await signInPath("invalid"));
  return {
    userName: who.userName,
    now: who.now.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
    provider: identityProviderName(),
  };
}

/** What people call the identity provider they may sign in with, or null. */
export const identityProviderName = (): string | null => identityProvider()?.name ?? null;

type Presented = { who: Actor; fault: null } | { who: null; fault: CredentialFault };

const resolvePresented = cache(async (): Promise<Presented> => {
  try {
    // A page takes no value from its URL, so which URL it is makes no difference.
    const who = await actorOf({ headers: await headers(), url: "http://tessera.invalid" });
    return who ? { who, fault: null } : { who: null, fault: "missing" };
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "unauthenticated") throw pageFailure(error, await headers());
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

/** `?return=` the page that was asked for. */
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
