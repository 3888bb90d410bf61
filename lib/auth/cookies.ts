import { type Cookies, parseCookie } from "cookie";

/**
 * The cookies of a request by name. Of two with one name the first counts, which is the one with the longer path (RFC 6265
 * section 5.4); a value that cannot be decoded stays as it is.
 */
export const cookiesOf = (headers: Headers): Cookies => parseCookie(headers.get("cookie") ?? "");
