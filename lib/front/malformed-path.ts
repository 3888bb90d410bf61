import type { IncomingMessage, ServerResponse } from "node:http";
import { notFound } from "../errors";
import { restDialect } from "../http/dialect";
import { problemOfRefusal } from "../http/problem";

/** Answers 404 for a path with invalid percent encoding (`/api/v1/%zz`), which Next.js answers with an HTML page.
 * Returns whether it did. */
export function rejectMalformedPath(request: IncomingMessage, response: ServerResponse): boolean {
  if (isDecodable(request.url ?? "/")) return false;
  const { status, headers, body } = restDialect.refuse(problemOfRefusal(notFound()));
  response.writeHead(status, { ...headers, "Cache-Control": "no-store" });
  response.end(JSON.stringify(body));
  return true;
}

function isDecodable(url: string): boolean {
  try {
    return !decodeURIComponent(url.split("?", 1)[0] ?? "").includes("\0");
  } catch {
    return false;
  }
}
