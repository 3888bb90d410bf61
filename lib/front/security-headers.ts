import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { urlTokenNames } from "../http/operation";
import type { HeaderList } from "./header-list";

/** Sets the security headers, HSTS only when this server is used by https. Each request has its own nonce; Next.js
 * reads it from the request's `Content-Security-Policy` header and adds it to its scripts. */
export function applySecurityHeaders(
  request: IncomingMessage,
  response: ServerResponse,
  https: boolean,
  hstsSubdomains = false,
): void {
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
  if (https) response.setHeader("Strict-Transport-Security", hsts(hstsSubdomains));
}

/** The security headers of an answer for programs, of which a browser runs nothing. They are the same for all requests, so
 * that none are made per request (decision 1807). */
export const apiHeaders = (https: boolean, hstsSubdomains: boolean): HeaderList => [
  ...["Content-Security-Policy", `default-src 'none'; ${noFrames}`],
  ...["X-Content-Type-Options", "nosniff"],
  ...["Cross-Origin-Resource-Policy", "same-origin"],
  ...(https ? ["Strict-Transport-Security", hsts(hstsSubdomains)] : []),
];

const hsts = (withSubdomains: boolean) => `max-age=63072000${withSubdomains ? "; includeSubDomains" : ""}`;

/** The slug in a URL `/a/<slug>`, or null for any other URL. */
export const appPageOf = (url: string): string | null => /^\/a\/([a-z0-9-]{1,60})(?:\?|$)/.exec(url)?.[1] ?? null;

/** Allows pages of these origins only to embed this answer in a frame. */
export function allowFraming(response: ServerResponse, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const policy = String(response.getHeader("Content-Security-Policy"));
  response.setHeader("Content-Security-Policy", policy.replace(noFrames, `frame-ancestors ${origins.join(" ")}`));
  // X-Frame-Options cannot list origins, and browsers with frame-ancestors ignore it.
  response.removeHeader("X-Frame-Options");
}

const noFrames = "frame-ancestors 'none'";

/** Inline scripts need the request's nonce. Style attributes are allowed, because React writes them. */
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

/** sonner 2.0.8 adds a style sheet from JavaScript without a nonce: first an empty element, then its text. */
const librarysOwnStyles =
  "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' 'sha256-StEaX+se6YS7pqjzrzMIA0KaX9zF/8zAhvQXZAe5epY='";

const unusedFeatures = ["camera", "geolocation", "microphone", "payment", "usb"]
  .map((feature) => `${feature}=()`)
  .join(", ");

/** A URL with a token must not be sent in a Referer header. */
function hasTokenInUrl(url: string): boolean {
  const query = new URLSearchParams(url.slice(url.indexOf("?") + 1));
  return url.includes("?") && urlTokenNames.some((name) => query.has(name));
}
