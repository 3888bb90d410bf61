import { isOutage } from "../db";
import { Refusal } from "../errors";
import { log } from "../log";
import { type Dialect, type Problem, type ProblemAnswer, restDialect } from "./dialect";

/** The request that met a problem, for the log and for dialects that name the caller. */
export interface Asked {
  method: string;
  path: string;
  requestId: string;
  /** The user who asked, once the door knows. */
  userName?: string;
}

const outage = new Refusal("unavailable", "The database cannot be reached; try again in a moment.", {
  headers: { "Retry-After": "2" },
});

/** A response for whatever was thrown while a request was answered: see {@link problemAnswer}. */
export function problemResponse(
  error: unknown,
  { request, ...asked }: { request: Request; requestId: string; userName?: string },
  dialect: Dialect = restDialect,
): Response {
  const place = { method: request.method, path: new URL(request.url).pathname };
  const { status, headers, body } = problemAnswer(error, { ...place, ...asked }, dialect);
  return Response.json(body, { status, headers });
}

/**
 * The answer for whatever was thrown, in the words of a dialect. A Refusal says what it says; a database out of reach is
 * `unavailable`; anything else is a bug: logged under the request id, answered as `internal` without detail.
 */
export function problemAnswer(error: unknown, asked: Asked, dialect: Dialect = restDialect): ProblemAnswer {
  return dialect.refuse({ ...problemOf(error, asked), userName: asked.userName });
}

/** Classifies and logs what was thrown. */
function problemOf(error: unknown, { requestId, method, path }: Asked): Problem {
  const line = { requestId, method, path };
  if (error instanceof Refusal) {
    if (isOutage(error.cause)) noteOutage({ ...line, err: error.cause });
    else if (error.cause) log.warn({ requestId, code: error.code, err: error.cause }, error.message);
    return problemOfRefusal(error);
  }
  if (isOutage(error)) {
    noteOutage({ ...line, err: error });
    return problemOfRefusal(outage);
  }
  log.error({ ...line, err: error }, "a request failed by a fault of ours");
  const detail = "This is a fault of the server, not of the request. Its log says more under this request id.";
  return { code: "internal", detail, extra: { requestId } };
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

/** A refusal as a problem that any dialect can write. */
export function problemOfRefusal({ code, message, field, extra, headers }: Refusal): Problem {
  return { code, detail: message, field, extra, headers };
}
