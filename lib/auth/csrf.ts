import { hash } from "node:crypto";
import type { Cookies } from "cookie";
import { env } from "../env";
import { cookieName } from "./origins";

/** Whether a form has the token of the browser's CSRF cookie, by the rule of next-auth (`core/lib/csrf-token.js`): the
 * cookie is `<token>|<SHA-256 of the token and the secret>`. It is checked before next-auth is asked, whose refusal is
 * a redirect that cannot be told from others. */
export function hasCsrfToken(cookies: Cookies, formToken: string | undefined): boolean {
  const [token, digest] = (cookies[cookieName("csrf")] ?? "").split("|");
  return token !== undefined && token === formToken && digest === hash("sha256", `${token}${env().authSecret}`);
}
