import { type Cookies, parseCookie } from "cookie";

/** Of two cookies with one name the first counts, which is the one with the longer path (RFC 6265 section 5.4). */
export const cookiesOf = (headers: Headers): Cookies => parseCookie(headers.get("cookie") ?? "");
