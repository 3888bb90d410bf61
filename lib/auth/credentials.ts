import { unauthenticated } from "../errors";
import type { Actor } from "../permissions/actor";
import { isSessionValue } from "../tokens/value";
import { verifyAndExtend } from "../verification/verify";
import { cookiesOf } from "./cookies";
import { sessionCookieName } from "./origins";
import { requesterOf } from "./requester";

interface Credential {
  value: string;
  from: "header" | "url" | "cookie";
}

type Presenting = Pick<Request, "headers" | "url">;

interface At {
  now?: Date;
  /** Accepts a value in the URL. Only on run, result and FME paths (design 5). */
  allowUrlToken?: boolean;
}

/** The actor, or null without a credential. Extends a due session. Refuses `unauthenticated`, `unavailable`. */
export async function actorOf(request: Presenting, { now, allowUrlToken = false }: At = {}): Promise<Actor | null> {
  return actorBehind(credentialOf(request, allowUrlToken), request.headers, now);
}

/** The actor behind the session cookie alone, for pages. Extends a due session. Refuses like {@link actorOf}. */
export async function sessionActorOf(headers: Headers): Promise<Actor | null> {
  return actorBehind(cookieCredential(headers), headers);
}

async function actorBehind(credential: Credential | null, headers: Headers, now?: Date): Promise<Actor | null> {
  if (!credential) return null;
  const { value, from } = credential;
  // Cookies carry sessions and nothing else does: a stolen cookie is no Bearer token, and no token opens the pages.
  if (isSessionValue(value) !== (from === "cookie")) throw unauthenticated("invalid");
  return verifyAndExtend(value, { ...requesterOf(headers), now, inUrl: from === "url" });
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

function cookieCredential(headers: Headers): Credential | null {
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
