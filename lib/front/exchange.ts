import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Requester, requesterAt } from "../auth/requester";
import { problemAnswer } from "../http/problem";
import { Verification } from "../verification/verify";
import type { HeaderList } from "./header-list";
import { IncomingHeaders } from "./incoming-headers";
import type { latenciesOf } from "./latencies";

interface Asked {
  route: { path: string; latencies: ReturnType<typeof latenciesOf> };
  /** What follows the question mark. */
  query: string;
  /** The id in the path. */
  id?: string;
}

export interface Surroundings {
  ip: string;
  /** Whether there is any header of those in which a proxy describes the request that it holds. */
  namesRequest: boolean;
  securityHeaders: HeaderList;
  /** Answers what turns out to be unusual only later. */
  answerUsually: () => void;
}

/** A request on its direct way from the socket to the answer, without the web's objects, which take most of the time of the
 * usual way. The answer has the same bytes there (decision 1807). */
export class Exchange {
  readonly headers: IncomingHeaders;
  readonly requester: Requester;
  readonly #began = performance.now();
  readonly #requestId = randomUUID();

  constructor(
    readonly incoming: IncomingMessage,
    readonly response: ServerResponse,
    readonly asked: Asked,
    readonly surroundings: Surroundings,
  ) {
    this.headers = new IncomingHeaders(incoming.headers);
    this.requester = requesterAt(surroundings.ip, this.headers);
  }

  /** The names of the headers must be in lower case and sorted. Without a body (null), it has no length either. */
  answer(status: number, headers: HeaderList, body: string | null): void {
    const { securityHeaders } = this.surroundings;
    const common = ["cache-control", "no-store", "x-request-id", this.#requestId];
    writeAnswer(this.response, status, [...securityHeaders, ...common, ...headers], body ?? "", body !== null);
    this.asked.route.latencies.observe(status, performance.now() - this.#began);
  }

  answerJson(value: unknown): void {
    this.answer(200, jsonHeaders, JSON.stringify(value));
  }

  refuse(error: unknown): void {
    const { method = "" } = this.incoming;
    const { path } = this.asked.route;
    const { status, headers, body } = problemAnswer(error, { method, path, requestId: this.#requestId });
    const named = Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
    this.answer(status, named.sort(([a], [b]) => (a < b ? -1 : 1)).flat(), JSON.stringify(body));
  }
}

/** The verification of the token of an exchange, which a refusal answers. */
export abstract class ExchangeVerification extends Verification {
  constructor(
    readonly exchange: Exchange,
    wantsDetails = false,
  ) {
    super(exchange.requester, wantsDetails);
  }

  override refused(error: unknown): void {
    this.exchange.refuse(error);
  }
}

const jsonHeaders = ["content-type", "application/json"];

export function writeAnswer(
  response: ServerResponse,
  status: number,
  headers: string[],
  body: string | Buffer,
  isSized = true,
): void {
  if (isSized) headers.push("content-length", String(Buffer.byteLength(body)));
  response.writeHead(status, headers);
  response.end(body);
}
