import type { Cookies } from "cookie";
import { decode, encode } from "next-auth/jwt";
import { env } from "../env";
import { ownCookie } from "./cookies";
import { cookieName } from "./origins";

/** Browsers drop a cookie whose name and value have more than 4096 bytes (RFC 6265bis section 5.6). */
const bytesMax = 4_000;

/** The `Set-Cookie` of a note that only this server can read (JWE with a key of AUTH_SECRET), or null if too long. */
export async function sealCookie(
  name: string,
  note: Record<string, string>,
  lifetimeSeconds: number,
): Promise<string | null> {
  const { authSecret: secret } = env();
  const value = await encode({ token: note, secret, salt: cookieName(name), maxAge: lifetimeSeconds });
  return value.length > bytesMax ? null : ownCookie(name, value, lifetimeSeconds);
}

/** The note, or null without a valid one. */
export async function openCookie(cookies: Cookies, name: string): Promise<Record<string, unknown> | null> {
  const fullName = cookieName(name);
  const token = cookies[fullName];
  if (!token) return null;
  // A cookie that was changed, has expired or was sealed with another secret cannot be told from a foreign one.
  return decode({ token, secret: env().authSecret, salt: fullName }).catch(() => null);
}
