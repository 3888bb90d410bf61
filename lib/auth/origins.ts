import { env } from "../env";

/** `TESSERA_BASE_URL`, or the loopback origins of the port. The Host header is only compared with these. */
export function ownOrigins(): string[] {
  const { baseUrl, port } = env();
  if (baseUrl) return [baseUrl];
  return ["localhost", "127.0.0.1", "[::1]"].map((host) => new URL(`http://${host}:${port}`).origin);
}

/** The own origin that the `Host` header names, or else the first one. */
export function originOf(headers: Headers): string {
  const host = headers.get("host")?.toLowerCase();
  const origins = ownOrigins();
  return origins.find((origin) => new URL(origin).host === host) ?? (origins[0] as string);
}

/** Whether an own page sent it, by `Origin` or else `Sec-Fetch-Site` (a plain GET). Without both, none did. */
export function isFromOwnPage(headers: Headers): boolean {
  const origin = headers.get("origin");
  if (origin !== null) return ownOrigins().includes(origin);
  return headers.get("sec-fetch-site") === "same-origin";
}

/** Whether a page of the same site sent it: as the browser says, or because it comes from the host that it names. Browsers
 * say nothing with plain http. */
export function isFromSameSite(headers: Headers): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin" || site === "same-site";
  const origin = headers.get("origin");
  return origin !== null && URL.canParse(origin) && new URL(origin).host === headers.get("host")?.toLowerCase();
}

/** Whether this server is used by https; then its cookies are `Secure` and bound to the host. */
export const isSecure = () => ownOrigins().every((origin) => origin.startsWith("https://"));

/** The full name of a cookie. With the prefix `__Host-`, no other host of the domain can set it (RFC 6265bis). */
export const cookieName = (name: string) => (isSecure() ? `__Host-tessera-${name}` : `tessera-${name}`);

export const sessionCookieName = () => cookieName("session");
