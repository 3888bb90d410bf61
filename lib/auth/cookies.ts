import { type Cookies, parseCookie, stringifySetCookie } from "cookie";
import { cookieName, isSecure } from "./origins";
import type { HeaderReader } from "./requester";

/** How long the way to an identity provider and back may take. */
export const visitSecondsMax = 15 * 60;

/** Of two cookies with one name the first counts, which is the one with the longer path (RFC 6265 section 5.4). */
export const cookiesOf = (headers: HeaderReader): Cookies => parseCookie(headers.get("cookie") ?? "");

/** The `Set-Cookie` of one of the server's own cookies. `maxAge` is in seconds. */
export const ownCookie = (name: string, value: string, maxAge: number): string =>
  stringifySetCookie(cookieName(name), value, {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    secure: isSecure(),
    maxAge,
  });

/** The `Set-Cookie` that removes one of them. */
export const removedCookie = (name: string): string => ownCookie(name, "", 0);
