import { unauthenticated } from "../errors";
import type { Actor } from "../permissions/actor";
import { verifyAndExtend } from "../verification/verify";
import { cookiesOf } from "./cookies";
import { sessionCookieName } from "./origins";
import { requesterOf } from "./requester";

/** What a request presents to say who asks. */
interface Credential {
  value: string;
  from: "header" | "url" | "cookie";
}

/** A request, as far as it says who asks. `url` is absolute. */
type Presenting = Pick<Request, "headers" | "url">;

interface At {
  /** The database's time unless told. */
  now?: Date;
  /** May the value be in the URL here? Only on run, result and FME paths (design 5). */
  allowUrlToken?: boolean;
}

/**
 * Who asks; null for nobody in particular. A session in use is extended on the way, when that is due.
 *
 * @throws Refusal `unauthenticated` for a credential that is not good; `unavailable` when that cannot be found out.
 */
export async function actorOf(request: Presenting, { now, allowUrlToken = false }: At = {}): Promise<Actor | null> {
  const credential = credentialOf(request, allowUrlToken);
  if (!credential) return null;
  return verifyAndExtend(credential.value, {
    ...requesterOf(request.headers),
    now,
    inUrl: credential.from === "url",
  });
}

/**
 * The credential of a request: `Authorization: Bearer <value>` or `fmetoken token=<value>`, else the URL
 * (`?fmetoken=`, `?token=`) where that is allowed, else the session cookie. Null when there is none.
 *
 * @throws Refusal `unauthenticated` when header and URL do not agree.
 */
export function credentialOf({ headers, url }: Presenting, allowUrlToken = false): Credential | null {
  const inHeader = fromAuthorization(headers.get("authorization"));
  const inUrl = allowUrlToken ? valuesInUrl(new URL(url)) : [];
  const spoken = [...(inHeader === null ? [] : [inHeader]), ...inUrl];
  if (new Set(spoken).size > 1) throw unauthenticated("invalid");
  const [value] = spoken;
  // In the URL is in the URL, even when the header repeats it: the token must have been made for that.
  if (value !== undefined) return { value, from: inUrl.length > 0 ? "url" : "header" };
  const cookie = cookiesOf(headers)[sessionCookieName()];
  return cookie ? { value: cookie, from: "cookie" } : null;
}

const valuesInUrl = ({ searchParams }: URL) => [...searchParams.getAll("fmetoken"), ...searchParams.getAll("token")];

const authorization = /^(?:bearer +|fmetoken +token *= *)([^\s,]+)\s*$/i;

/** RFC 6750 section 2.1 and fme-wire 1. Another scheme is not ours to judge: a proxy's Basic may stand there. */
export function fromAuthorization(header: string | null): string | null {
  if (header === null) return null;
  const value = authorization.exec(header)?.[1];
  return value ?? (/^(bearer|fmetoken)\b/i.test(header) ? "" : null);
}
