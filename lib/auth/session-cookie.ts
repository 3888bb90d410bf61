import { parseSetCookie, type SetCookie, stringifySetCookie } from "cookie";
import { minutes } from "../clock";
import { cookieName, isSecure, sessionCookieName } from "./origins";

type Values = Record<string, string | undefined>;

export interface SignInStep {
  action: string;
  provider: string | undefined;
  body: Values;
  cookies: Values;
}

const stayCookieName = () => cookieName("stay");

/** The way to an identity provider and back takes at most this long, like the cookies of next-auth for it. */
const providerMinutesMax = 15;

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
  if (action === "callback" && !isCredentials && stayCookieName() in cookies) return [...corrected, remove("stay")];
  return corrected;
}

/** The lines that remove what signing in has left in the browser, besides the session itself. */
export const removalOfSignInCookies = (): string[] =>
  ["return", "csrf", "pkce", "state", "nonce", "stay", "provider", "connect"].map(remove);

const rememberStay = (stays: boolean) =>
  stays ? line({ name: stayCookieName(), value: "true", maxAge: minutes(providerMinutesMax) / 1000 }) : remove("stay");

const remove = (name: string) => line({ name: cookieName(name), value: "", maxAge: 0 });

const line = (cookie: SetCookie) =>
  stringifySetCookie({ ...cookie, path: "/", httpOnly: true, sameSite: "lax", secure: isSecure() });
