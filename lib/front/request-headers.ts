import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { ipHeader, pathHeader } from "../auth/requester";
import { urlTokenNames } from "../http/operation";

/** Internal headers of Next.js and of this server. In development, Next.js needs the ids that its own pages send. */
const internal =
  /^(x-tessera-|x-middleware-|x-next(?!js-(html-)?request-id$)|x-invo|x-matched-path|x-now-|x-action-|next-resume)/;

/** Next.js answers requests of its router by redirects, also where there is no page. */
const ofRouter = /^(?:rsc$|next-)/;

/** Removes internal headers that come from outside, and sets the client's IP address, the requested path (without a
 * token in its query), and a request id for the log. A part of a file is not compressed, since Range counts the bytes as
 * they are stored. It must run before anything reads the request. */
export function sanitizeRequest(request: IncomingMessage, ip: string): void {
  const { headers } = request;
  const isApi = /^\/api(?:[/?]|$)/.test(request.url ?? "");
  for (const name of Object.keys(headers)) {
    if (internal.test(name) || (isApi && ofRouter.test(name))) delete headers[name];
  }
  if (headers.range !== undefined) delete headers["accept-encoding"];
  headers[ipHeader] = ip;
  headers[pathHeader] = withoutToken(request.url ?? "/");
  headers["x-request-id"] = randomUUID();
}

function withoutToken(url: string): string {
  const [path = "/", query] = url.split(/\?(.*)/s);
  if (query === undefined) return path;
  const kept = query.split("&").filter((pair) => !urlTokenNames.includes(nameOf(pair)));
  return kept.length === 0 ? path : `${path}?${kept.join("&")}`;
}

const nameOf = (pair: string) => [...new URLSearchParams(pair).keys()][0] ?? "";
