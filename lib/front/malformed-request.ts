import type { IncomingMessage, ServerResponse } from "node:http";
import { notFound, Refusal } from "../errors";
import { restDialect } from "../http/dialect";
import { methods } from "../http/methods";
import { problemOfRefusal } from "../http/problem";
import { forwardedNames } from "./authorize-rules";
import { isRouterState } from "./router-state";

/** Headers of which a request has one. Node keeps the first, or joins them, where a proxy in front may have read the last. */
const singleHeaders = new Set<string>(["host", "authorization", "content-type", ...forwardedNames]);

/** `rawHeaders` are names and values in turn, as Node received them. */
export function hasRepeatedHeader(rawHeaders: readonly string[]): boolean {
  let seen: string[] | undefined;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? "";
    if (!singleHeaders.has(name)) continue;
    if (seen?.includes(name)) return true;
    seen = [...(seen ?? []), name];
  }
  return false;
}

/** Answers, and returns true for, a request that Next.js would fail on or a proxy may have read differently: 204 to
 * `OPTIONS *`, 404 to invalid percent encoding in the path and to a path of REST that Next.js would redirect, and 400 to a
 * target that is not a path, a repeated header, NUL in the query of a page, or a router state that no page of this server
 * sent. `isRepeated` is what {@link hasRepeatedHeader} says. */
export function rejectMalformed(request: IncomingMessage, response: ServerResponse, isRepeated: boolean): boolean {
  const { url = "/", method, headers } = request;
  if (url === "*" && method === "OPTIONS") {
    response.writeHead(204, { Allow: methods.join(", "), "Cache-Control": "no-store" }).end();
    return true;
  }
  const fault = faultOf(url, method, isRepeated) ?? routerFaultOf(headers);
  if (fault === null) return false;
  const { status, headers: more, body } = restDialect.refuse(problemOfRefusal(fault));
  const text = JSON.stringify(body);
  response.writeHead(status, { ...more, "Content-Length": Buffer.byteLength(text), "Cache-Control": "no-store" });
  response.end(text);
  return true;
}

function faultOf(url: string, method: string | undefined, isRepeated: boolean): Refusal | null {
  if (!url.startsWith("/")) return refused("The request must name a path, not a whole URL.");
  if (isRepeated) {
    return refused(`The request has one of these headers twice: ${[...singleHeaders].join(", ")}.`);
  }
  const [path = "", query = ""] = url.split(/\?(.*)/s);
  if (!isDecodable(path)) return notFound();
  const isOfPage = (method === "GET" || method === "HEAD") && !/^[/\\]*api[/\\]/.test(path);
  if (!isOfPage && isIndirect(path)) return notFound();
  // The endpoints of /api/v1 refuse it themselves, and name the parameter.
  if (/%00/.test(query) && !path.startsWith("/api/v1/")) {
    return refused("The query contains a character that is not allowed in text.");
  }
  return null;
}

/** Whether Next.js would redirect the path by 308, or read it as another. Clients repeat a DELETE there, so that the removal
 * of a file called `..` would become that of its repository. */
const isIndirect = (path: string) => path !== "/" && /\/\/|\\|\/$|\/(?:\.|%2e){1,2}(?:\/|$)/i.test(path);

/** Next.js answers 500 to a router state that it cannot read. */
function routerFaultOf(headers: IncomingMessage["headers"]): Refusal | null {
  const state = headers["next-router-state-tree"];
  return state === undefined || isRouterState(String(state)) ? null : refused("Next-Router-State-Tree is not valid.");
}

const refused = (detail: string) => new Refusal("invalid", detail);

function isDecodable(path: string): boolean {
  try {
    return !decodeURIComponent(path).includes("\0");
  } catch {
    return false;
  }
}
