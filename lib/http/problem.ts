import { isOutage } from "../db";
import { Refusal, type RefusalCode } from "../errors";
import { log } from "../log";

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

/** Whatever was thrown, as an answer: see {@link problemDocument}. */
export function problemOf(error: unknown, request: Request, requestId: string): Response {
  const asked = { method: request.method, path: new URL(request.url).pathname };
  const { status, headers, body } = problemDocument(error, asked, requestId);
  return Response.json(body, { status, headers });
}

/**
 * Whatever was thrown, as a problem document (RFC 9457). A Refusal says what it says; a database out of reach is 503;
 * anything else is a bug: logged under the request id, answered 500 without detail.
 */
export function problemDocument(error: unknown, asked: { method: string; path: string }, requestId: string) {
  if (error instanceof Refusal) {
    if (isOutage(error.cause)) noteOutage({ requestId, ...asked, err: error.cause });
    else if (error.cause) log.warn({ requestId, code: error.code, err: error.cause }, error.message);
    return refusalDocument(error);
  }
  const line = { requestId, ...asked, err: error };
  if (isOutage(error)) {
    noteOutage(line);
    return refusalDocument(outage);
  }
  log.error(line, "a request failed by a fault of ours");
  return document(500, {
    type: typeOf("internal"),
    title: "Something went wrong here",
    status: 500,
    detail: "This is a fault of the server, not of the request. Its log says more under this request id.",
    requestId,
  });
}

let nextOutageLine = 0;
let unsaid = 0;

/** An outage refuses every request: a line a second says as much as all of them would. */
function noteOutage(line: object): void {
  const now = performance.now();
  if (now < nextOutageLine) {
    unsaid++;
    return;
  }
  log.error({ ...line, before: unsaid }, "the database cannot be reached");
  nextOutageLine = now + 1_000;
  unsaid = 0;
}

/** The problem document of a refusal, as an answer. */
function refusalDocument(refusal: Refusal) {
  const body = refusalBody(refusal);
  return document(body.status, body, refusal.headers);
}

/** What a refusal says over HTTP: the same bytes for the same refusal. */
export function refusalBody({ code, message, field, extra }: Refusal) {
  const { status, title } = problems[code];
  return { type: typeOf(code), title, status, detail: message, field, ...extra };
}

/** Where the API page explains it. */
const typeOf = (code: string) => `/docs/api#problem-${code}`;

function document(status: number, body: object, headers: Record<string, string> = {}) {
  return { status, body, headers: { ...headers, "Content-Type": "application/problem+json" } };
}
