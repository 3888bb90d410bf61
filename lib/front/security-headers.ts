import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { urlTokenNames } from "../http/operation";

/**
 * What every answer carries, pages and endpoints alike. Each request has a nonce of its own; Next.js finds it in the
 * request's `Content-Security-Policy` header and puts it on its scripts.
 *
 * @param https is this server reached by https? Then browsers are told to come no other way.
 */
export function applySecurityHeaders(request: IncomingMessage, response: ServerResponse, https: boolean): void {
  const policy = contentSecurityPolicy(randomBytes(18).toString("base64"), https);
  request.headers["content-security-policy"] = policy;
  delete request.headers["content-security-policy-report-only"];
  response.setHeader("Content-Security-Policy", policy);
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("X-Frame-Options", "DENY");
  response.setHeader("Referrer-Policy", hasTokenInUrl(request.url ?? "/") ? "no-referrer" : "same-origin");
  response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
  response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
  response.setHeader("Permissions-Policy", unusedFeatures);
  if (https) response.setHeader("Strict-Transport-Security", "max-age=63072000; includeSubDomains");
}

/** The slug of the app whose page a request asks for, at `/a/<slug>`; null for anything else, and for other spellings of it. */
export const appPageOf = (url: string): string | null => /^\/a\/([a-z0-9-]{1,60})(?:\?|$)/.exec(url)?.[1] ?? null;

/** Lets pages of these origins, and no others, show this answer in a frame. Origins as `URL` spells them. */
export function allowFraming(response: ServerResponse, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const policy = String(response.getHeader("Content-Security-Policy"));
  response.setHeader("Content-Security-Policy", policy.replace(noFrames, `frame-ancestors ${origins.join(" ")}`));
  // It knows no origins, and browsers that know frame-ancestors do not ask it.
  response.removeHeader("X-Frame-Options");
}

const noFrames = "frame-ancestors 'none'";

/** No inline script runs without this request's nonce. React writes style attributes, which do not run anything. */
function contentSecurityPolicy(nonce: string, https: boolean): string {
  const isDevelopment = process.env.NODE_ENV === "development";
  const directives = [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    isDevelopment ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}' ${librarysOwnStyles}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${isDevelopment ? " ws:" : ""}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    noFrames,
    ...(https ? ["upgrade-insecure-requests"] : []),
  ];
  return directives.join("; ");
}

/** Sonner adds its style sheet from JavaScript, where no nonce reaches it: first an empty element, then the text of 2.0.8. */
const librarysOwnStyles =
  "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' 'sha256-StEaX+se6YS7pqjzrzMIA0KaX9zF/8zAhvQXZAe5epY='";

const unusedFeatures = ["camera", "geolocation", "microphone", "payment", "usb"]
  .map((feature) => `${feature}=()`)
  .join(", ");

/** An address with a token in it must not travel on in a Referer. */
function hasTokenInUrl(url: string): boolean {
  const query = new URLSearchParams(url.slice(url.indexOf("?") + 1));
  return url.includes("?") && urlTokenNames.some((name) => query.has(name));
}
