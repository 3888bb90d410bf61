import type { ServerResponse } from "node:http";
import { Refusal } from "../errors";
import { isOutage, markOutage, type OutageNote } from "../outage";

/** Converts an error of a page: an outage becomes a Refusal `unavailable`; other errors are returned unchanged. */
export function pageFailure(error: unknown): unknown {
  return markOutage(
    isOutage(error) ? new Refusal("unavailable", "The database is unavailable.", { cause: error }) : error,
  );
}

/** Next.js answers 500 for each error of a page. This makes it 503 when an outage was noted for the request. */
export function setOutageStatus(response: ServerResponse, note: OutageNote): void {
  const writeHead = response.writeHead.bind(response) as (...head: unknown[]) => ServerResponse;
  response.writeHead = (status: number, ...rest: unknown[]) => {
    if (status !== 500 || !note.isOut) return writeHead(status, ...rest);
    response.setHeader("Retry-After", "2");
    return writeHead(503, ...rest);
  };
}
