import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Requester, requesterAt } from "../auth/requester";
import { problemAnswer } from "../http/problem";
import { Verification } from "../verification/verify";
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
  /** Names and values in turn, of every answer. */
  securityHeaders: readonly string[];
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

  /** The headers' names must be in lower case and sorted. Without a body (null), it has no length either. */
  answer(status: number, headers: Readonly<Record<string, string>>, body: string | null): void {
    const list = [...this.surroundings.securityHeaders, "cache-control", "no-store", "x-request-id", this.#requestId];
    for (const name in headers) list.push(name, headers[name] ?? "");
    writeAnswer(this.response, status, list, body ?? "", body !== null);
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
    const sorted = named.sort(([a], [b]) => (a < b ? -1 : 1));
    this.answer(status, Object.fromEntries(sorted), JSON.stringify(body));
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

const jsonHeaders = { "content-type": "application/json" };

/** Writes an answer whose headers are names and values in turn: Node writes such a list a third faster than an object. */
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
