import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { BlockList } from "node:net";
import type { Duplex } from "node:stream";
import { getFrameOrigins } from "@/lib/apps/running";
import { setOutageStatus } from "@/lib/auth/page-outage";
import { db } from "@/lib/db";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { rulesInForce } from "./authorize-rules";
import { clientIp, isTrusted, networkList } from "./client-ip";
import { tryAuthorize, tryFastLane } from "./fast-lane";
import { observe } from "./latencies";
import { rejectMalformedPath } from "./malformed-path";
import { tryLocalMetrics } from "./metrics";
import { sanitizeRequest } from "./request-headers";
import { allowFraming, applySecurityHeaders, appPageOf } from "./security-headers";

/** A server that knows how to stop: no new requests, those in flight finish. */
export type HttpServer = { server: Server; stop(): Promise<void> };

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const stopTimeoutMs = 10_000;

/**
 * The one HTTP server of the process, in front of Next: sets what every answer carries, settles who is asking from where,
 * and answers the health questions itself.
 *
 * @param handle answers everything else.
 */
export function createHttpServer(handle: Handle): HttpServer {
  rulesInForce();
  const trusted = networkList(env().trustedProxies);
  const isHttps = env().baseUrl?.startsWith("https:") ?? false;
  const ipOf = (request: IncomingMessage) => ipFor(request, trusted);
  let isStopping = false;

  const server = createServer((request, response) => {
    if (isStopping) response.setHeader("Connection", "close");
    if (tryAuthorize(request, response, ipOf)) return;
    applySecurityHeaders(request, response, isHttps);
    if (!methods.includes(request.method ?? "")) return refuseMethod(response);
    if (request.url === "/health/live") return answer(response, 200, { status: "live" });
    if (request.url === "/health/ready") return void answerReady(response, isStopping);
    if (!isFromProxy(request, trusted) && tryLocalMetrics(request, response)) return;
    if (rejectMalformedPath(request, response)) return;
    normalizeHeaders(request, trusted);
    if (tryFastLane(request, response)) return;
    observeWhenDone(request, response);
    if (!request.url?.startsWith("/api/")) setOutageStatus(request, response);
    const answerPage = () => handle(request, response).catch((error) => fail(response, error));
    const app = appPageOf(request.url ?? "/");
    if (app === null) answerPage();
    else allowFrames(app, response).then(answerPage);
  });
  // Longer than the usual 60 s of a proxy, so that it is the proxy who closes idle connections.
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 66_000;

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

/** Counts what Next answers; which page or endpoint would be too many series. */
function observeWhenDone({ url = "/" }: IncomingMessage, response: ServerResponse): void {
  const began = performance.now();
  const path = url.startsWith("/api/") ? "/api/*" : "/*";
  response.once("finish", () => observe(path, response.statusCode, performance.now() - began));
}

/** An app's page may be framed by the origins that its owner lists. When those cannot be read, by none. */
async function allowFrames(slug: string, response: ServerResponse): Promise<void> {
  try {
    allowFraming(response, await getFrameOrigins(slug));
  } catch (error) {
    log.error({ err: error }, "an app's frame origins could not be read");
  }
}

/**
 * Writes, over whatever was sent, the client's address and the path, which pages cannot see for themselves. What stands
 * in forwarding headers counts only from a trusted proxy.
 */
function normalizeHeaders(request: IncomingMessage, trusted: BlockList): void {
  const { headers } = request;
  const address = ipFor(request, trusted);
  sanitizeRequest(request, address);
  headers["x-forwarded-for"] = address;
  if (isFromProxy(request, trusted)) return;
  for (const name of ["forwarded", "x-real-ip", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto"]) {
    delete headers[name];
  }
}

/** What stands in `X-Forwarded-For` counts only from a trusted proxy. */
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

/** Anybody may ask this: all who do at one moment share one query, so that they do not take the connections of the others. */
function pingDatabase(): Promise<unknown> {
  pendingPing ??= db.$queryRaw`SELECT 1`.finally(() => {
    pendingPing = undefined;
  });
  return pendingPing;
}

/** Ready means: a request could be answered now, database included. */
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

/** The sockets that speak something else than HTTP by now (development's reload). Node leaves them out of its own book. */
function upgradedSockets(server: Server): Set<Duplex> {
  const sockets = new Set<Duplex>();
  server.on("upgrade", (_, socket) => {
    if (server.listenerCount("upgrade") === 1) return socket.destroy();
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}

/** Resolves when the last request in flight has been answered, or cut off after a while. */
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
