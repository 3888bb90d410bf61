import type { IncomingMessage, ServerResponse } from "node:http";
import { isOutage } from "../db";
import { Refusal } from "../errors";
import { perProcess } from "../per-process";

/** Ids of the requests whose page failed because of an outage. Pages write them, the server reads them. */
const outages = perProcess("page outages", () => new Set<string>())();

/** Some are never asked for: the first bytes of their page had gone. */
const outagesMax = 1_000;
const requestId = "x-request-id";

/**
 * What a page throws when something could not be read: a Refusal `unavailable` for an outage that passes, which is then told
 * by status too; anything else as it is.
 *
 * @param headers of the page's request.
 */
export function pageFailure(error: unknown, headers: Headers): unknown {
  const failure = isOutage(error)
    ? new Refusal("unavailable", "The database is out of reach.", { cause: error })
    : error;
  const id = headers.get(requestId);
  if (id && failure instanceof Refusal && failure.code === "unavailable") {
    if (outages.size >= outagesMax) outages.clear();
    outages.add(id);
  }
  return failure;
}

/** Next.js answers 500 for whatever a page throws; for an outage that passes, from now on, this request is answered 503. */
export function setOutageStatus({ headers }: IncomingMessage, response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response) as (...head: unknown[]) => ServerResponse;
  response.writeHead = (status: number, ...rest: unknown[]) => {
    const isOut = status === 500 && outages.delete(String(headers[requestId]));
    if (!isOut) return writeHead(status, ...rest);
    response.setHeader("Retry-After", "2");
    return writeHead(503, ...rest);
  };
}
