import type { IncomingMessage, ServerResponse } from "node:http";
import { isOutage } from "../db";
import { Refusal } from "../errors";

/** The pages under way by request id, and whether an outage kept them from being made. The server and the bundled pages share it. */
const shared = globalThis as unknown as { tesseraPages?: Map<string, { isOut: boolean }> };

function pagesUnderWay() {
  shared.tesseraPages ??= new Map();
  return shared.tesseraPages;
}

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
  const page = pagesUnderWay().get(headers.get(requestId) ?? "");
  if (page && failure instanceof Refusal && failure.code === "unavailable") page.isOut = true;
  return failure;
}

/** Next.js answers 500 for whatever a page throws; for an outage that passes, from now on, this request is answered 503. */
export function tellOutageByStatus({ headers }: IncomingMessage, response: ServerResponse): void {
  const id = String(headers[requestId]);
  const page = { isOut: false };
  pagesUnderWay().set(id, page);
  response.once("close", () => pagesUnderWay().delete(id));

  const writeHead = response.writeHead.bind(response) as (...head: unknown[]) => ServerResponse;
  response.writeHead = (status: number, ...rest: unknown[]) => {
    if (status !== 500 || !page.isOut) return writeHead(status, ...rest);
    response.setHeader("Retry-After", "2");
    return writeHead(503, ...rest);
  };
}
