import { env } from "../env";

/**
 * The origins of this server: `TESSERA_BASE_URL`, or without it the loopback origins of its port. The Host header of a request is
 * only compared with these.
 */
export function ownOrigins(): string[] {
  const { baseUrl, port } = env();
  if (baseUrl) return [baseUrl];
  return ["localhost", "127.0.0.1", "[::1]"].map((host) => new URL(`http://${host}:${port}`).origin);
}

/** The own origin that the `Host` of a request names, or else the first one. */
export function originOf(headers: Headers): string {
  const host = headers.get("host")?.toLowerCase();
  const origins = ownOrigins();
  return origins.find((origin) => new URL(origin).host === host) ?? (origins[0] as string);
}

/**
 * Is a request with a cookie from a page of this server? `Origin` decides, or `Sec-Fetch-Site` when a browser sends no `Origin` (a
 * plain GET). A request with neither header is not.
 */
export function isFromOwnPage(headers: Headers): boolean {
  const origin = headers.get("origin");
  if (origin !== null) return ownOrigins().includes(origin);
  return headers.get("sec-fetch-site") === "same-origin";
}

/** Is this server used by https? Then its cookies are `Secure` and bound to the host. */
export const isSecure = () => ownOrigins().every((origin) => origin.startsWith("https://"));

/** The full name of a cookie. With the prefix `__Host-`, no other host of the domain can set it (RFC 6265bis). */
export const cookieName = (name: string) => (isSecure() ? `__Host-tessera-${name}` : `tessera-${name}`);

/** The name of the cookie with the value of the session token. */
export const sessionCookieName = () => cookieName("session");
