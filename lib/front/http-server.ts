import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { BlockList } from "node:net";
import type { Duplex } from "node:stream";
import { getFrameOrigins } from "@/lib/apps/running";
import { setOutageStatus } from "@/lib/auth/page-outage";
import { hours } from "@/lib/clock";
import { env } from "@/lib/env";
import { methods } from "@/lib/http/methods";
import { log } from "@/lib/log";
import { withOutageNote } from "@/lib/outage";
import { tokenResolver } from "@/lib/verification/token-resolver";
import { rulesInForce } from "./authorize-rules";
import { clientIp, isTrusted, networkList } from "./client-ip";
import { type Target, targetOf, tryDirectly, tryFastLane } from "./fast-lane";
import { eachHeader } from "./header-list";
import { type HeaderSurvey, surveyHeaders } from "./header-survey";
import { latenciesOf } from "./latencies";
import { rejectMalformed } from "./malformed-request";
import { startMetrics, tryLocalMetrics } from "./metrics";
import { sanitizeRequest } from "./request-headers";
import { allowFraming, apiHeaders, applySecurityHeaders, appPageOf } from "./security-headers";
import { untrustedProxyNotice } from "./untrusted-proxy";

/** `stop` takes no new requests and finishes those in flight. */
export type HttpServer = { server: Server; stop(): Promise<void> };

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;
/** Returns null for what it does not answer. */
export type AnswerBuilt = (request: IncomingMessage, response: ServerResponse) => Promise<void> | null;

const knownMethods = new Set<string | undefined>(methods);
const stopTimeoutMs = 10_000;

/** Creates the one HTTP server of the process, in front of Next.js: it sets common headers, determines the client's IP
 * address, answers health checks and the fast lane, and passes all other requests to `handle`, or to `answerBuilt` first when
 * they have no router state. */
export function createHttpServer(handle: Handle, answerBuilt: AnswerBuilt = () => null): HttpServer {
  rulesInForce();
  startMetrics();
  const trusted = networkList(env().trustedProxies);
  const isHttps = env().baseUrl?.startsWith("https:") ?? false;
  const noticeProxy = untrustedProxyNotice(env().trustedProxies);
  const securityHeaders = apiHeaders(isHttps, env().hstsSubdomains);
  let isStopping = false;

  const answerThroughDoor = (
    request: IncomingMessage,
    response: ServerResponse,
    target: Target | null,
    { isRepeated, hasRouterState }: HeaderSurvey,
  ) => {
    if (target === null) applySecurityHeaders(request, response, isHttps, env().hstsSubdomains);
    else eachHeader(securityHeaders, (name, value) => response.setHeader(name, value));
    if (!knownMethods.has(request.method)) return refuseMethod(response);
    if (rejectMalformed(request, response, isRepeated)) return;
    const [path] = request.url?.split("?", 1) ?? [];
    if (path === "/health/live") return answer(response, 200, { status: "live" });
    if (path === "/health/ready") return void answerReady(response, isStopping);
    if (!isFromProxy(request, trusted) && tryLocalMetrics(request, response)) return;
    normalizeHeaders(request, trusted);
    if (tryFastLane(request, response, target)) return;
    observeWhenDone(request, response);
    const next: Handle = hasRouterState ? handle : async (...pair) => answerBuilt(...pair) ?? handle(...pair);
    answerPage(next, request, response);
  };

  const server = createServer((request, response) => {
    if (isStopping) response.setHeader("Connection", "close");
    const survey = surveyHeaders(request.rawHeaders);
    const { isRepeated, isForwarded, hasRouterState, namesRequest } = survey;
    if (isForwarded) noticeProxy(request);
    const target = targetOf(request.url ?? "");
    const answerUsually = () => answerThroughDoor(request, response, target, survey);
    if (target === null || isRepeated || hasRouterState) return answerUsually();
    const surroundings = { ip: ipFor(request, trusted), namesRequest, securityHeaders, answerUsually };
    if (!tryDirectly(request, response, target, surroundings)) answerUsually();
  });
  // Node drops headers beyond a number of them, which the check for repeated ones would miss. Their length has a limit.
  server.maxHeadersCount = 0;
  // Longer than the usual 60 s of a proxy, so that the proxy closes idle connections first.
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 66_000;
  // A large file may take hours. A body that stops arriving is refused after a minute (lib/http/request-body.ts).
  server.requestTimeout = hours(12);

  const upgraded = upgradedSockets(server);

  return {
    server,
    stop: () => {
      isStopping = true;
      for (const socket of upgraded) socket.destroy();
      return closed(server);
    },
  };
}

/** Answers by Next.js, with 503 instead of 500 when an outage is the reason. */
async function answerPage(handle: Handle, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const note = { isOut: false };
  setOutageStatus(response, note);
  const app = appPageOf(request.url ?? "/");
  if (app !== null) await allowFrames(app, response);
  await withOutageNote(note, () => handle(request, response)).catch((error) => fail(response, error));
}

const apiLatencies = latenciesOf("/api/*");
const pageLatencies = latenciesOf("/*");

/** Answers of Next.js have two path labels only, because a label per page would make too many series. */
function observeWhenDone({ url = "/" }: IncomingMessage, response: ServerResponse): void {
  const began = performance.now();
  const latencies = url.startsWith("/api/") ? apiLatencies : pageLatencies;
  response.once("finish", () => latencies.observe(response.statusCode, performance.now() - began));
}

/** Allows the origins in the app's settings to embed its page. When they cannot be read, no origin may. */
async function allowFrames(slug: string, response: ServerResponse): Promise<void> {
  try {
    allowFraming(response, await getFrameOrigins(slug));
  } catch (error) {
    log.error({ err: error }, "an app's frame origins could not be read");
  }
}

/** Sets the client's IP address and the path, and removes forwarding headers that do not come from a trusted proxy. */
function normalizeHeaders(request: IncomingMessage, trusted: BlockList): void {
  const { headers } = request;
  const ip = ipFor(request, trusted);
  sanitizeRequest(request, ip);
  headers["x-forwarded-for"] = ip;
  if (isFromProxy(request, trusted)) return;
  for (const name of ["forwarded", "x-real-ip", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto"]) {
    delete headers[name];
  }
}

function ipFor({ headers, socket }: IncomingMessage, trusted: BlockList): string {
  const forwardedFor = headers["x-forwarded-for"] ?? "";
  return clientIp(socket.remoteAddress ?? "", String(forwardedFor), trusted);
}

function isFromProxy({ socket }: IncomingMessage, trusted: BlockList): boolean {
  return isTrusted(socket.remoteAddress ?? "", trusted);
}

function refuseMethod(response: ServerResponse): void {
  response.setHeader("Allow", methods.join(", "));
  answer(response, 405, { type: "about:blank", title: "Method Not Allowed", status: 405 }, "application/problem+json");
}

let pendingPing: Promise<unknown> | undefined;

/** Whether a token could be verified: not on a standby. Concurrent health checks share one query, so that they cannot
 * use up the connections. */
function pingDatabase(): Promise<unknown> {
  pendingPing ??= tokenResolver()
    .bringUpToDate()
    .finally(() => {
      pendingPing = undefined;
    });
  return pendingPing;
}

async function answerReady(response: ServerResponse, isStopping: boolean): Promise<void> {
  try {
    if (isStopping) throw new Error("stopping");
    await pingDatabase();
    answer(response, 200, { status: "ready" });
  } catch (error) {
    response.setHeader("Retry-After", "2");
    answer(response, 503, { status: "not ready", reason: isStopping ? "stopping" : "no database" });
    if (!isStopping) log.error({ err: error }, "not ready");
  }
}

function fail(response: ServerResponse, error: unknown): void {
  log.error({ err: error }, "a page failed by a fault of ours");
  if (response.headersSent) response.destroy();
  else
    answer(
      response,
      500,
      { type: "about:blank", title: "Internal Server Error", status: 500 },
      "application/problem+json",
    );
}

function answer(response: ServerResponse, status: number, body: object, type = "application/json"): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { "Content-Type": type, "Content-Length": text.length, "Cache-Control": "no-store" });
  response.end(text);
}

/** Tracks upgraded sockets (live reload in development), which `server.close` does not close. It listens only while something
 * takes upgrades: without a listener, Node answers a request that offers one, such as h2c, like any other. */
function upgradedSockets(server: Server): Set<Duplex> {
  const sockets = new Set<Duplex>();
  const track = (_: IncomingMessage, socket: Duplex) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  };
  const begin = (event: string | symbol) => {
    if (event !== "upgrade") return;
    server.off("newListener", begin);
    server.on("upgrade", track);
  };
  server.on("newListener", begin);
  return sockets;
}

/** Resolves when all requests in flight are answered, or were cut off after the timeout. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = setTimeout(() => server.closeAllConnections(), stopTimeoutMs);
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
    server.closeIdleConnections();
  });
}
