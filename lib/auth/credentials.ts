import { unauthenticated } from "../errors";
import type { Actor } from "../permissions/actor";
import { isSessionValue } from "../tokens/value";
import { verifyAndExtend } from "../verification/verify";
import { basicSecretOf, challengedByBasic } from "./client-secret";
import { cookiesOf } from "./cookies";
import { sessionCookieName } from "./origins";
import { type HeaderReader, requesterOf } from "./requester";

interface Credential {
  value: string;
  from: "header" | "url" | "cookie";
}

interface Presenting {
  headers: HeaderReader;
  url: string;
}

interface At {
  /** Accepts a value in the URL. Only on run, result and FME paths (design 5). */
  allowUrlToken?: boolean;
  /** Accepts an API token as the secret of a client, by Basic or as this `client_secret` of a form. Only for introspection. */
  clientSecret?: { inForm: string | null };
}

/** The actor, or null without a credential. Extends a due session. Refuses `unauthenticated`, `unavailable`. */
export async function actorOf(
  request: Presenting,
  { allowUrlToken = false, clientSecret }: At = {},
): Promise<Actor | null> {
  const credential = credentialOf(request, allowUrlToken);
  if (!credential) return clientSecret ? actorOfClient(request, clientSecret) : null;
  return actorBehind(credential, request.headers);
}

/** The actor. Refuses like {@link actorOf}, and `unauthenticated` without a credential. */
export async function demandActor(request: Presenting, at?: At): Promise<Actor> {
  const who = await actorOf(request, at);
  if (!who) throw unauthenticated("missing");
  return who;
}

/** The actor behind the session cookie alone, for pages. Extends a due session. Refuses like {@link actorOf}. */
export async function sessionActorOf(headers: HeaderReader): Promise<Actor | null> {
  const credential = cookieCredential(headers);
  return credential && actorBehind(credential, headers);
}

async function actorBehind({ value, from }: Credential, headers: HeaderReader): Promise<Actor> {
  if (!mayCarry(from, value)) throw unauthenticated("invalid");
  return verifyAndExtend(value, { ...requesterOf(headers), inUrl: from === "url" });
}

/** Cookies carry sessions and nothing else does: a stolen cookie is no Bearer token, and no token opens the pages. */
export const mayCarry = (from: Credential["from"], value: string): boolean =>
  isSessionValue(value) === (from === "cookie");

async function actorOfClient({ headers }: Presenting, { inForm }: { inForm: string | null }): Promise<Actor | null> {
  const client = clientCredentialOf(headers, inForm);
  if (client === null) return null;
  try {
    return await actorBehind({ value: client.secret, from: "header" }, headers);
  } catch (error) {
    throw client.asChallenged(error);
  }
}

/** The secret of a client by Basic, or else the one of the form, and what becomes of the refusal of it. */
export function clientCredentialOf(
  headers: HeaderReader,
  inForm: string | null,
): { secret: string; asChallenged: (error: unknown) => unknown } | null {
  const byBasic = basicSecretOf(headers);
  if (byBasic !== null) return { secret: byBasic, asChallenged: challengedByBasic };
  return inForm === null ? null : { secret: inForm, asChallenged: (error) => error };
}

/** The credential in the header, the URL if allowed, or the cookie. Refuses `unauthenticated` when two differ. */
export function credentialOf({ headers, url }: Presenting, allowUrlToken = false): Credential | null {
  const inHeader = fromAuthorization(headers.get("authorization"));
  const inUrl = allowUrlToken ? valuesInUrl(new URL(url)) : [];
  const presented = [...(inHeader === null ? [] : [inHeader]), ...inUrl];
  if (new Set(presented).size > 1) throw unauthenticated("invalid");
  const [value] = presented;
  // A value in the URL counts as such even when the header repeats it, so that only tokens with `inUrl` are accepted there.
  if (value !== undefined) return { value, from: inUrl.length > 0 ? "url" : "header" };
  return cookieCredential(headers);
}

function cookieCredential(headers: HeaderReader): Credential | null {
  const value = cookiesOf(headers)[sessionCookieName()];
  return value ? { value, from: "cookie" } : null;
}

const valuesInUrl = ({ searchParams }: URL) => [...searchParams.getAll("fmetoken"), ...searchParams.getAll("token")];

const authorization = /^(?:bearer +|fmetoken +token *= *)([^\s,]+)\s*$/i;

/** RFC 6750 section 2.1 and fme-wire 1. Other schemes are ignored: a proxy's Basic may be there. */
export function fromAuthorization(header: string | null): string | null {
  if (header === null) return null;
  const value = authorization.exec(header)?.[1];
  return value ?? (/^(bearer|fmetoken)\b/i.test(header) ? "" : null);
}
