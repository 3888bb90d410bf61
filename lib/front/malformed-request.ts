import type { IncomingMessage, ServerResponse } from "node:http";
import { notFound, Refusal } from "../errors";
import { restDialect } from "../http/dialect";
import { methods } from "../http/methods";
import { problemOfRefusal } from "../http/problem";
import { routerStateHeader, singleHeaders } from "./header-survey";
import { isRouterState } from "./router-state";

/** Answers, and returns true for, a request that Next.js would fail on or a proxy may have read differently: 204 to
 * `OPTIONS *`, 404 to invalid percent encoding in the path and to a path of REST that Next.js would redirect, and 400 to a
 * target that is not a path, a repeated header, NUL in the query of a page, or a router state that no page of this server
 * sent. `isRepeated` is what {@link surveyHeaders} says. */
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
    return refused(`The request has one of these headers twice: ${singleHeaders.join(", ")}.`);
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
  const state = headers[routerStateHeader];
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
