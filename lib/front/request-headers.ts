import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { ipHeader, pathHeader } from "../auth/requester";
import { urlTokenNames } from "../http/operation";

/**
 * Headers by which Next.js and this server talk to themselves. What a stranger writes there is thrown away. The page itself
 * names its requests to the development server, which otherwise never ends its answers.
 */
const internal =
  /^(x-tessera-|x-middleware-|x-next(?!js-(html-)?request-id$)|x-invo|x-matched-path|x-now-|x-action-|next-resume)/;

/**
 * Before anything reads a request: throws away internal headers that came from outside, and writes what pages and endpoints
 * cannot see for themselves: the client's address, the path they were asked for (without a token in it), and an id for the
 * log.
 *
 * @param address of the client, told by the socket or by trusted proxies.
 */
export function sanitizeRequest(request: IncomingMessage, address: string): void {
  const { headers } = request;
  for (const name of Object.keys(headers)) if (internal.test(name)) delete headers[name];
  headers[ipHeader] = address;
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
