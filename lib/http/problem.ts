import { isOutage } from "../db";
import { Refusal, type RefusalCode } from "../errors";
import { log } from "./log";

/** Each way to say no, as HTTP says it. */
export const problems: Record<RefusalCode, { status: number; title: string }> = {
  invalid: { status: 400, title: "The request is not valid" },
  unauthenticated: { status: 401, title: "Not signed in" },
  forbidden: { status: 403, title: "Not permitted" },
  "not-found": { status: 404, title: "Not found" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  conflict: { status: 409, title: "Conflict" },
  "too-large": { status: 413, title: "Too large" },
  "unsupported-media": { status: 415, title: "Unsupported content type" },
  failed: { status: 422, title: "It was tried and failed" },
  "too-many": { status: 429, title: "Too many requests" },
  unavailable: { status: 503, title: "Not available right now" },
};

const outage = new Refusal("unavailable", "The database cannot be reached; try again in a moment.", {
  headers: { "Retry-After": "2" },
});

/**
 * Whatever was thrown, as a problem document (RFC 9457). A Refusal says what it says; a database out of reach is 503;
 * anything else is a bug: logged under the request id, answered 500 without detail.
 */
export function problemOf(error: unknown, request: Request, requestId: string): Response {
  if (error instanceof Refusal) {
    if (error.cause) log.warn({ requestId, code: error.code, err: error.cause }, error.message);
    return refusalDocument(error);
  }
  const line = { requestId, method: request.method, path: new URL(request.url).pathname, err: error };
  if (isOutage(error)) {
    log.error(line, "the database cannot be reached");
    return refusalDocument(outage);
  }
  log.error(line, "a request failed by a fault of ours");
  return document(500, "internal", "Something went wrong here", {
    detail: "This is a fault of the server, not of the request. Its log says more under this request id.",
    requestId,
  });
}

/** The problem document of a refusal: the same bytes for the same refusal. */
function refusalDocument({ code, message, field, extra, headers }: Refusal): Response {
  const { status, title } = problems[code];
  return document(status, code, title, { detail: message, field, ...extra }, headers);
}

function document(status: number, code: string, title: string, members: object, headers: Record<string, string> = {}) {
  return Response.json(
    { type: `/docs/api#problem-${code}`, title, status, ...members },
    { status, headers: { ...headers, "Content-Type": "application/problem+json" } },
  );
}
