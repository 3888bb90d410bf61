import type { IncomingMessage, ServerResponse } from "node:http";
import { isOutage } from "../db";
import { Refusal } from "../errors";
import { perProcess } from "../per-process";

/** Ids of requests whose page failed because of an outage. Pages add them, and the HTTP server reads them. */
const outages = perProcess("page outages", () => new Set<string>())();

/** Ids are not always read: the status may have been sent before the page failed. */
const outagesMax = 1_000;
const requestId = "x-request-id";

/** Makes an outage a Refusal `unavailable`, which is answered 503. Other errors are returned unchanged. */
export function pageFailure(error: unknown, headers: Headers): unknown {
  const failure = isOutage(error)
    ? new Refusal("unavailable", "The database is unavailable.", { cause: error })
    : error;
  const id = headers.get(requestId);
  if (id && failure instanceof Refusal && failure.code === "unavailable") {
    if (outages.size >= outagesMax) outages.clear();
    outages.add(id);
  }
  return failure;
}

/** Next.js answers 500 for each error of a page. This makes it 503 when the page reported an outage. */
export function setOutageStatus({ headers }: IncomingMessage, response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response) as (...head: unknown[]) => ServerResponse;
  response.writeHead = (status: number, ...rest: unknown[]) => {
    const isOut = status === 500 && outages.delete(String(headers[requestId]));
    if (!isOut) return writeHead(status, ...rest);
    response.setHeader("Retry-After", "2");
    return writeHead(503, ...rest);
  };
}
