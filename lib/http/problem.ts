import { Refusal } from "../errors";
import { log } from "../log";
import { isOutage } from "../outage";
import { type Dialect, type Problem, type ProblemAnswer, restDialect } from "./dialect";

export interface Asked {
  method: string;
  path: string;
  requestId: string;
  userName?: string;
}

const outage = new Refusal("unavailable", "The database is unavailable. Try again in a moment.", {
  headers: { "Retry-After": "2" },
});

export function problemResponse(
  error: unknown,
  { request, ...asked }: { request: Request; requestId: string; userName?: string },
  dialect: Dialect = restDialect,
): Response {
  const place = { method: request.method, path: new URL(request.url).pathname };
  const { status, headers, body } = problemAnswer(error, { ...place, ...asked }, dialect);
  return Response.json(body, { status, headers });
}

/** Answers a Refusal as it is and an unreachable database as `unavailable`. Any other error is a bug: it is logged with
 * the request id and answered as `internal` without detail. */
export function problemAnswer(error: unknown, asked: Asked, dialect: Dialect = restDialect): ProblemAnswer {
  return dialect.refuse({ ...problemOf(error, asked), userName: asked.userName });
}

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
  log.error({ ...line, err: error }, "a request failed because of a bug");
  const detail = "Something went wrong on the server. The server log has details under this request id.";
  return { code: "internal", detail, extra: { requestId } };
}

let nextOutageLine = 0;
let unsaid = 0;

/** Logs an outage at most once a second, because it affects every request. */
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

export function problemOfRefusal({ code, message, field, extra, headers }: Refusal): Problem {
  return { code, detail: message, field, extra, headers };
}
