import type { Cookies } from "cookie";
import { env } from "../env";
import { log } from "../log";
import type { Secret } from "../secret";
import { digestTextOf } from "../tokens/value";
import { discoverProvider, ProviderFault } from "./discovery";
import { openCookie, sealCookie } from "./sealed-cookie";

const cookieKey = "provider";

/** The `Set-Cookie` that keeps the ID token for the sign-out, readable by this server alone, beside its session. Without
 * the ID token if that is too long for a cookie: then the provider may ask before it signs the person out. */
export async function keepIdToken(idToken: Secret, session: Secret): Promise<string> {
  const { oidc, sessionHoursMax } = env();
  const note = { issuer: oidc?.issuer ?? "", session: digestTextOf(session.reveal()) };
  const lifetimeSeconds = sessionHoursMax * 3600;
  const line =
    (await sealCookie(cookieKey, { ...note, idToken: idToken.reveal() }, lifetimeSeconds)) ??
    (await sealCookie(cookieKey, note, lifetimeSeconds));
  return line as string;
}

/** The sign-in page, by way of the provider if that began the session (OpenID Connect RP-Initiated Logout 1.0). */
export async function signedOutUrl(cookies: Cookies, session: string | null, { origin }: URL): Promise<string> {
  const { oidc } = env();
  const note = await openCookie(cookies, cookieKey);
  const isItsSession = session !== null && note?.session === digestTextOf(session);
  if (!oidc || !note || !isItsSession || note.issuer !== oidc.issuer) return "/sign-in?reason=signed-out";
  try {
    const { end_session_endpoint } = await discoverProvider(oidc.issuer);
    if (!end_session_endpoint) return "/sign-in?reason=signed-out";
    const url = new URL(end_session_endpoint);
    url.searchParams.set("client_id", oidc.clientId);
    url.searchParams.set("post_logout_redirect_uri", `${origin}/sign-in`);
    url.searchParams.set("state", "signed-out");
    if (typeof note.idToken === "string") url.searchParams.set("id_token_hint", note.idToken);
    return url.href;
  } catch (error) {
    if (!(error instanceof ProviderFault)) throw error;
    log.warn({ reason: error.message }, "a person was signed out here, but not at the identity provider");
    return "/sign-in?reason=signed-out-here";
  }
}
