import type { NextApiRequest, NextApiResponse } from "next";
import NextAuth from "next-auth";
import { databaseNow } from "../db";
import { env } from "../env";
import { notFound, Refusal } from "../errors";
import { isOutage } from "../outage";
import { Answer } from "./answer";
import { cookiesOf } from "./cookies";
import { hasCsrfToken } from "./csrf";
import type { ProviderMetadata } from "./discovery";
import { identityProviderId } from "./identity-provider";
import { authOptions, newFlow } from "./next-auth-options";
import { cookieName, originOf, sessionCookieName } from "./origins";
import { signedOutUrl } from "./provider-session";
import { leaveForProvider, returnDuringOutage, returnFromProvider } from "./provider-visit";
import { requesterOf } from "./requester";
import { returnPath } from "./return-path";
import { correctCookies, removalOfSignInCookies } from "./session-cookie";

// With this setting, next-auth reads the origin from headers, which are written below from the configured origins.
process.env.AUTH_TRUST_HOST = "true";
delete process.env.NEXTAUTH_URL;

export interface AuthRequest {
  method: "GET" | "POST";
  segments: string[];
  query: Record<string, string>;
  body: Record<string, string>;
  headers: Headers;
}

/** Calls next-auth by its interface for plain objects, so that this server sets the origin and no Host header is
 * trusted. Refuses `not-found`, `unauthenticated`, `too-many`, `unavailable`, and `forbidden` on a wrong CSRF token. */
export async function answerAuth({ method, segments, query, body, headers }: AuthRequest): Promise<Response> {
  const [action = "", provider, ...rest] = segments;
  if (rest.length > 0 || !isOffered(method, action, provider)) throw notFound();

  const origin = new URL(originOf(headers));
  const cookies = cookiesOf(headers);
  if (method === "POST" && !hasCsrfToken(cookies, body.csrfToken)) {
    throw new Refusal("forbidden", "This page is out of date. Reload it and try again.");
  }
  const isReturn = provider === identityProviderId && method === "GET";
  const now = await databaseNow().catch((error: unknown) => {
    if (isReturn && isOutage(error)) return null;
    throw error;
  });
  const respond = (answer: Answer) =>
    answer.response((lines) => correctCookies(lines, { action, provider, body, cookies }));
  if (!now) return respond(await returnDuringOutage(cookies, query));
  const flow = newFlow({ now, ...requesterOf(headers) }, cookies[sessionCookieName()] ?? null);
  const request = {
    method,
    query: { ...withOwnReturn(query, "callbackUrl", origin), nextauth: segments },
    body: withOwnReturn(body, "callbackUrl", origin),
    cookies: withOwnReturn(cookies, cookieName("return"), origin),
    headers: { "x-forwarded-host": origin.host, "x-forwarded-proto": origin.protocol.slice(0, -1) },
  };
  const proceed = async (metadata: ProviderMetadata | null) => {
    const answer = new Answer();
    const options = authOptions(flow, metadata);
    await NextAuth(request as unknown as NextApiRequest, answer as unknown as NextApiResponse, options);
    if (flow.thrown) throw flow.thrown;
    return answer;
  };
  if (provider === identityProviderId) {
    const visit = { flow, query, body, cookies, proceed };
    return respond(await (isReturn ? returnFromProvider(visit) : leaveForProvider(visit)));
  }
  const answer = await proceed(null);
  const isSignOut = method === "POST" && action === "signout";
  if (isSignOut) answer.json({ url: await signedOutUrl(cookies, flow.previousSession, origin) });
  const response = respond(answer);
  if (isSignOut) leaveNothing(response.headers);
  return response;
}

/** Drafts and settings are removed with the session. `"cookies"` would sign the user out of all hosts of the domain, and
 * `"cache"` takes seconds in some browsers, while pages are not cached anyway (decision 1804). */
function leaveNothing(headers: Headers): void {
  headers.set("Clear-Site-Data", '"storage"');
  for (const line of removalOfSignInCookies()) headers.append("Set-Cookie", line);
}

const offered = { GET: ["csrf", "session", "signin", "signout", "error"], POST: ["signout"] };

function isOffered(method: "GET" | "POST", action: string, provider: string | undefined): boolean {
  if (provider === undefined) return offered[method].includes(action);
  if (provider === "credentials") return method === "POST" && action === "callback";
  const withProvider = method === "GET" ? "callback" : "signin";
  return provider === identityProviderId && env().oidc !== null && action === withProvider;
}

function withOwnReturn<Values extends Record<string, string | undefined>>(
  values: Values,
  key: string,
  { origin }: URL,
): Values {
  const wish = values[key];
  if (wish === undefined) return values;
  return { ...values, [key]: origin + returnPath(wish.startsWith(origin) ? wish.slice(origin.length) : wish) };
}
