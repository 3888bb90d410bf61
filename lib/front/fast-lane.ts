import type { IncomingMessage, ServerResponse } from "node:http";
import type { Route } from "../http/endpoint";
import { type Method, otherMethods } from "../http/methods";
import { introspectDirectly } from "./direct-introspection";
import { directly } from "./direct-operations";
import { authorizeDirectly, type DirectRoute, readTokenDirectly } from "./direct-routes";
import { Exchange, type Surroundings, writeAnswer } from "./exchange";
import { latenciesOf } from "./latencies";
import { metrics } from "./metrics";
import { changeToken, deleteToken, readToken } from "./token-routes";
import {
  authorize,
  deletePresentedToken,
  introspect,
  metadata,
  readPresentedToken,
  revoke,
} from "./verification-routes";

type RouteHandler = (request: Request, context: { params: Promise<unknown> }) => Promise<Response>;

interface LaneRoute {
  path: string;
  methods: Partial<Record<Method, RouteHandler>>;
  direct: Partial<Record<Method, DirectRoute>>;
  latencies: ReturnType<typeof latenciesOf>;
}

/** Routes that are answered without Next.js, whose request handling takes fifty times as long. */
const routes = new Map(
  [
    route("/api/v1/authorize", { GET: authorize }, { GET: authorizeDirectly }),
    route("/api/v1/introspect", { POST: introspect }, { POST: introspectDirectly }),
    route("/api/v1/revoke", { POST: revoke }),
    route("/api/v1/token", { GET: readPresentedToken, DELETE: deletePresentedToken }, { GET: readTokenDirectly }),
    route("/.well-known/oauth-authorization-server", { GET: metadata }),
    route("/metrics", { GET: metrics }),
  ].map((each) => [each.path, each]),
);

/** The routes of one token, so that revoking it does not wait for Next.js (decision 1602). */
const tokenRoute = routeDirectly("/api/v1/tokens/{id}", { GET: readToken, PATCH: changeToken, DELETE: deleteToken });
const tokenPath = /^\/api\/v1\/tokens\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i;

function route(path: string, answered: Partial<Record<Method, Route>>, direct: LaneRoute["direct"] = {}): LaneRoute {
  const methods: Partial<Record<Method, RouteHandler>> = {
    ...(answered.GET && { HEAD: answered.GET }),
    ...answered,
    ...otherMethods(answered),
  };
  return { path, methods, direct, latencies: latenciesOf(path) };
}

/** A route whose operations need nothing of the web's objects. */
function routeDirectly(path: string, answered: Partial<Record<Method, Route>>): LaneRoute {
  const direct = Object.entries(answered).map(([method, each]) => [method, directly(each)]);
  return route(path, answered, Object.fromEntries(direct));
}

/** A path of the fast lane, what follows its question mark, and the id in it. */
export interface Target {
  route: LaneRoute;
  query: string;
  id?: string;
}

/** Null for a path that the fast lane does not answer. */
export function targetOf(url: string): Target | null {
  const mark = url.indexOf("?");
  const [path, query] = mark < 0 ? [url, ""] : [url.slice(0, mark), url.slice(mark + 1)];
  const route = routes.get(path);
  if (route) return { route, query };
  const [, id] = tokenPath.exec(path) ?? [];
  return id === undefined ? null : { route: tokenRoute, query, id };
}

/** Answers the verifications of API tokens: does this one hold this permission, is that one valid, what is this one? Returns
 * false for any other request, which takes the usual way. No header may be repeated. It runs synchronously up to the read of
 * the change counter, because promises and web objects halve the throughput. */
export function tryDirectly(
  request: IncomingMessage,
  response: ServerResponse,
  target: Target,
  surroundings: Surroundings,
): boolean {
  const answer = target.route.direct[request.method as Method];
  return answer?.(new Exchange(request, response, target, surroundings)) ?? false;
}

/** Answers a request for verification or about one token by the same route as Next.js would: same checks, same bytes.
 * The headers must have been sanitized. Returns false when the request is for another path. */
export function tryFastLane(request: IncomingMessage, response: ServerResponse, target: Target | null): boolean {
  const answer = target?.route.methods[request.method as Method];
  if (!answer) return false;
  const { route, id } = target;
  const began = performance.now();
  answer(webRequest(request), { params: Promise.resolve(id === undefined ? {} : { id }) })
    .then(async (given) => {
      await send(request, response, given);
      route.latencies.observe(given.status, performance.now() - began);
    })
    .catch((error) => response.destroy(error));
  return true;
}

function webRequest(request: IncomingMessage): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) if (value) headers.set(name, [value].flat().join(", "));
  const { method = "GET", url = "/" } = request;
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  const hasBody = method !== "GET" && method !== "HEAD" && (length !== undefined || encoding !== undefined);
  // The stream itself: when no handler reads it, Node drops the body and continues with the next request.
  const body = hasBody ? (request as unknown as BodyInit) : undefined;
  return new Request(`http://tessera.invalid${url}`, { method, headers, body, duplex: "half" } as RequestInit);
}

async function send({ method }: IncomingMessage, response: ServerResponse, given: Response): Promise<void> {
  const body = Buffer.from(await given.arrayBuffer());
  const isSized = method !== "HEAD" && (body.length > 0 || given.status === 200);
  writeAnswer(response, given.status, listOf(given.headers), body, isSized);
}

/** Names and values in turn, sorted by name after those that every answer has. */
function listOf(headers: Headers): string[] {
  const isCommon = ([name]: [string, string]) => commonNames.includes(name);
  const all = [...headers];
  return [...all.filter(isCommon), ...all.filter((each) => !isCommon(each))].flat();
}

const commonNames = ["cache-control", "x-request-id"];
