import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { fromAuthorization } from "../auth/credentials";
import type { Route } from "../http/endpoint";
import { type Method, otherMethods } from "../http/methods";
import { problemAnswer } from "../http/problem";
import { withArrivedBody } from "../http/request-body";
import { demand } from "../permissions/actor";
import { isSessionValue } from "../tokens/value";
import type { KnownToken } from "../verification/memory";
import { type Presentation, Verification } from "../verification/verify";
import { demandedPermission, type Forwarded, forwardedLengthMax, forwardedNames } from "./authorize-rules";
import { latenciesOf } from "./latencies";
import { metrics } from "./metrics";
import { changeToken, deleteToken, readToken } from "./token-routes";
import {
  authorize,
  authorizedHeaders,
  deletePresentedToken,
  introspect,
  metadata,
  readPresentedToken,
  revoke,
} from "./verification-routes";

type RouteHandler = (request: Request, context: { params: Promise<unknown> }) => Promise<Response>;

/** Routes that are answered without Next.js, whose request handling takes fifty times as long. */
const routes = new Map(
  [
    route("/api/v1/authorize", { GET: authorize }),
    route("/api/v1/introspect", { POST: introspect }),
    route("/api/v1/revoke", { POST: revoke }),
    route("/api/v1/token", { GET: readPresentedToken, DELETE: deletePresentedToken }),
    route("/.well-known/oauth-authorization-server", { GET: metadata }),
    route("/metrics", { GET: metrics }),
  ].map((each) => [each.path, each]),
);

/** The routes of one token, so that revoking it does not wait for Next.js (decision 1602). */
const tokenRoute = route("/api/v1/tokens/{id}", { GET: readToken, PATCH: changeToken, DELETE: deleteToken });
const tokenPath = /^\/api\/v1\/tokens\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i;

function route(path: string, answered: Partial<Record<Method, Route>>) {
  const methods: Partial<Record<Method, RouteHandler>> = {
    ...(answered.GET && { HEAD: answered.GET }),
    ...answered,
    ...otherMethods(answered),
  };
  return { path, methods, latencies: latenciesOf(path) };
}

/** Answers a request for verification or about one token by the same route as Next.js would: same checks, same bytes.
 * The headers must have been sanitized. Returns false when the request is for another path. */
export function tryFastLane(request: IncomingMessage, response: ServerResponse): boolean {
  const path = request.url?.split("?", 1)[0] ?? "";
  const [, id] = tokenPath.exec(path) ?? [];
  const route = id === undefined ? routes.get(path) : tokenRoute;
  const answer = route?.methods[request.method as Method];
  if (!answer) return false;
  const began = performance.now();
  const start = () =>
    answer(webRequest(request), { params: Promise.resolve(id === undefined ? {} : { id }) })
      .then(async (given) => {
        await send(request, response, given);
        route.latencies.observe(given.status, performance.now() - began);
      })
      .catch((error) => response.destroy(error));
  // A small body arrives with the headers, in this turn of the event loop.
  if (mayHaveBody(request)) setImmediate(start);
  else start();
  return true;
}

function mayHaveBody({ method, headers }: IncomingMessage): boolean {
  const isAnnounced = headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
  return method !== "GET" && method !== "HEAD" && isAnnounced;
}

function webRequest(request: IncomingMessage): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) if (value) headers.set(name, [value].flat().join(", "));
  const { method = "GET", url = "/" } = request;
  const sent = `http://tessera.invalid${url}`;
  if (!mayHaveBody(request)) return new Request(sent, { method, headers });
  if (request.complete) return withArrivedBody(new Request(sent, { method, headers }), request.read());
  // The stream itself: when no handler reads it, Node drops the body and continues with the next request.
  const body = request as unknown as BodyInit;
  return new Request(sent, { method, headers, body, duplex: "half" } as RequestInit);
}

async function send({ method }: IncomingMessage, response: ServerResponse, given: Response): Promise<void> {
  const body = Buffer.from(await given.arrayBuffer());
  for (const [name, value] of given.headers) response.setHeader(name, value);
  const isSized = method !== "HEAD" && (body.length > 0 || given.status === 200);
  if (isSized) response.setHeader("Content-Length", body.length);
  response.writeHead(given.status);
  response.end(body);
}

const plainLatencies = latenciesOf("/api/v1/authorize");
const authorizeUrl = /^\/api\/v1\/authorize(?:\?permission=([\w./:-]{1,500}))?$/;

/** Answers the most frequent request: does this API token hold this permission, or the one that the rules give for the
 * forwarded request? Returns false for any other request, which takes the usual way. It runs synchronously up to the
 * read of the change counter, because promises and web objects halve the throughput. */
export function tryAuthorize(
  request: IncomingMessage,
  response: ServerResponse,
  ipOf: (request: IncomingMessage) => string,
): boolean {
  if (request.method !== "GET") return false;
  const asked = authorizeUrl.exec(request.url ?? "");
  const value = asked && fromAuthorization(request.headers.authorization ?? null);
  if (!value || isSessionValue(value)) return false;
  const [, permission] = asked;
  const forwarded = readForwarded(request);
  if (forwarded === null) return false;

  const presentation = { ip: ipOf(request), agent: request.headers["user-agent"]?.slice(0, 400) ?? null };
  new AuthorizeRequest(presentation, permission, forwarded, response).begin(value);
  return true;
}

/** Returns null for unusual headers, which the usual way must check. */
function readForwarded({ headers }: IncomingMessage): Forwarded | null {
  const forwarded: Forwarded = {};
  for (const name of forwardedNames) {
    const text = headers[name];
    if (text === undefined) continue;
    if (typeof text !== "string" || text.length > forwardedLengthMax) return null;
    forwarded[name] = text;
  }
  return forwarded;
}

class AuthorizeRequest extends Verification {
  readonly #began = performance.now();
  readonly #requestId = randomUUID();

  constructor(
    presentation: Presentation,
    readonly permission: string | undefined,
    readonly forwarded: Forwarded,
    readonly response: ServerResponse,
  ) {
    super(presentation);
  }

  protected override accepted(token: KnownToken, now: Date): void {
    try {
      const who = this.actorOf(token, now);
      demand(who, demandedPermission(this.permission, this.forwarded));
      this.#answer(200, authorizedHeaders(who), "");
    } catch (error) {
      this.refused(error);
    }
  }

  protected override refused(error: unknown): void {
    const asked = { method: "GET", path: "/api/v1/authorize", requestId: this.#requestId };
    const { status, headers, body } = problemAnswer(error, asked);
    this.#answer(status, headers, JSON.stringify(body));
  }

  #answer(status: number, headers: Record<string, string>, body: string): void {
    // Node writes a flat list of headers a third faster than an object.
    const list = [
      ...authorizeHeaders,
      "X-Request-Id",
      this.#requestId,
      "Content-Length",
      String(Buffer.byteLength(body)),
    ];
    for (const name in headers) list.push(name, headers[name] ?? "");
    this.response.writeHead(status, list);
    this.response.end(body);
    plainLatencies.observe(status, performance.now() - this.#began);
  }
}

const authorizeHeaders = [
  ...["Cache-Control", "no-store"],
  ...["Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"],
  ...["X-Content-Type-Options", "nosniff"],
];
