import { env } from "../env";

/**
 * The origins this server is reached by: `TESSERA_BASE_URL` alone, or without it the addresses of this machine that mean
 * the printed URL. Whatever a request claims about its host is compared with these and never believed.
 */
export function ownOrigins(): string[] {
  const { baseUrl, port } = env();
  if (baseUrl) return [baseUrl];
  return ["localhost", "127.0.0.1", "[::1]"].map((host) => new URL(`http://${host}:${port}`).origin);
}

/** Which of the own origins a request came by: the one its `Host` names, else the first. */
export function originOf(headers: Headers): string {
  const host = headers.get("host")?.toLowerCase();
  const origins = ownOrigins();
  return origins.find((origin) => new URL(origin).host === host) ?? (origins[0] as string);
}

/**
 * Does a request that relies on a cookie come from a page of this server? `Origin` decides; a browser that sends none
 * (a plain GET) says the same with `Sec-Fetch-Site`. A request with neither is not believed.
 */
export function comesFromOwnPage(headers: Headers): boolean {
  const origin = headers.get("origin");
  if (origin !== null) return ownOrigins().includes(origin);
  return headers.get("sec-fetch-site") === "same-origin";
}

/** Is this server reached by https? Then its cookies are bound to the host and never travel in clear. */
export const isSecure = () => ownOrigins().every((origin) => origin.startsWith("https://"));

/** The name of a cookie of ours; with the `__Host-` prefix no other host of the domain can set it (RFC 6265bis). */
export const cookieName = (name: string) => (isSecure() ? `__Host-tessera-${name}` : `tessera-${name}`);

/** The cookie that carries a session token's value. */
export const sessionCookieName = () => cookieName("session");
