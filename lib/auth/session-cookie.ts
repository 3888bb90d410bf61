import { parseSetCookie, stringifySetCookie } from "cookie";
import { ownCookie, removedCookie, visitSecondsMax } from "./cookies";
import { cookieName, sessionCookieName } from "./origins";

type Values = Record<string, string | undefined>;

export interface SignInStep {
  action: string;
  provider: string | undefined;
  body: Values;
  cookies: Values;
}

const stayCookieName = () => cookieName("stay");

/** Corrects the `Set-Cookie` lines of next-auth, which always lets the session cookie last: it goes with the browser
 * unless "Stay signed in" was ticked (design 3.3), which a cookie remembers on the way to an identity provider. Reading
 * the session does not set its cookie again, and signing out removes all cookies of signing in. */
export function correctCookies(lines: readonly string[], { action, provider, body, cookies }: SignInStep): string[] {
  const isCredentials = provider === "credentials";
  const stays = (isCredentials ? body.stay : cookies[stayCookieName()]) === "true";
  const corrected = lines.flatMap((line) => {
    const cookie = parseSetCookie(line);
    if (cookie.name !== sessionCookieName() || !cookie.value) return [line];
    if (action === "session") return [];
    const { expires: _, maxAge: __, ...untilClosed } = cookie;
    return [stays ? line : stringifySetCookie(untilClosed)];
  });
  if (action === "signin" && provider !== undefined) return [...corrected, rememberStay(body.stay === "true")];
  if (action === "callback" && !isCredentials && stayCookieName() in cookies)
    return [...corrected, removedCookie("stay")];
  return corrected;
}

/** The lines that remove what signing in has left in the browser, besides the session itself. */
export const removalOfSignInCookies = (): string[] =>
  ["return", "csrf", "pkce", "state", "nonce", "stay", "provider", "connect"].map(removedCookie);

const rememberStay = (stays: boolean) => (stays ? ownCookie("stay", "true", visitSecondsMax) : removedCookie("stay"));
