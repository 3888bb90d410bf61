import type { NextApiRequest, NextApiResponse } from "next";
import NextAuth from "next-auth";
import { notFound, Refusal } from "../errors";
import { cookiesOf } from "./cookies";
import { identityProvider, identityProviderId } from "./identity-provider";
import { type AuthFlow, authOptions } from "./next-auth-options";
import { cookieName, originOf, sessionCookieName } from "./origins";
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
  now: Date;
}

/** Calls next-auth by its interface for plain objects, so that this server sets the origin and no Host header is
 * trusted. Refuses `not-found`, `unauthenticated`, `too-many`, `unavailable`, and `forbidden` on a wrong CSRF token. */
export async function answerAuth({ method, segments, query, body, headers, now }: AuthRequest): Promise<Response> {
  const [action = "", provider, ...rest] = segments;
  if (rest.length > 0 || !isOffered(method, action, provider)) throw notFound();

  const origin = new URL(originOf(headers));
  const cookies = cookiesOf(headers);
  const flow: AuthFlow = {
    context: { now, ...requesterOf(headers) },
    previousSession: cookies[sessionCookieName()] ?? null,
    user: null,
    thrown: null,
  };
  const request = {
    method,
    query: { ...withOwnReturn(query, "callbackUrl", origin), nextauth: segments },
    body: withOwnReturn(body, "callbackUrl", origin),
    cookies: withOwnReturn(cookies, cookieName("return"), origin),
    headers: { "x-forwarded-host": origin.host, "x-forwarded-proto": origin.protocol.slice(0, -1) },
  };
  const answer = new Answer();
  await NextAuth(request as unknown as NextApiRequest, answer as unknown as NextApiResponse, authOptions(flow));
  if (flow.thrown) throw flow.thrown;
  if (/[?&]csrf=true(&|$)/.test(answer.location ?? "")) {
    throw new Refusal("forbidden", "This page is out of date. Reload it and try again.");
  }
  const response = answer.response((lines) => correctCookies(lines, { action, provider, body, cookies }));
  if (method === "POST" && action === "signout") leaveNothing(response.headers);
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
  return provider === identityProviderId && identityProvider() !== null && action === withProvider;
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

class Answer {
  #status = 200;
  #headers = new Headers();
  #body: string | null = null;
  #cookies: string[] = [];
  location: string | null = null;

  status(code: number): this {
    this.#status = code;
    return this;
  }

  getHeader(name: string): string | string[] | undefined {
    return name.toLowerCase() === "set-cookie" ? this.#cookies : (this.#headers.get(name) ?? undefined);
  }

  setHeader(name: string, value: string | string[]): this {
    if (name.toLowerCase() === "set-cookie") this.#cookies = [value].flat();
    else this.#headers.set(name, [value].flat().join(", "));
    if (name.toLowerCase() === "location") this.location = this.#headers.get(name);
    return this;
  }

  json(body: { url?: string }): void {
    this.location = body.url ?? null;
    this.#headers.set("Content-Type", "application/json");
    this.#body = JSON.stringify(body);
  }

  send(body: unknown): void {
    if (typeof body === "object" && body !== null) this.json(body);
    else this.#body = body === undefined ? null : String(body);
  }

  end(): void {}

  response(correct: (lines: readonly string[]) => string[]): Response {
    const response = new Response(this.#body, { status: this.#status, headers: this.#headers });
    for (const cookie of correct(this.#cookies)) response.headers.append("Set-Cookie", cookie);
    return response;
  }
}
