import { jsonAnswerOf } from "../http/answer";
import { demandAllowed, type Route } from "../http/endpoint";
import { parseJsonBody } from "../http/request-body";
import { readHeaders, readParams, readQuery } from "../http/request-input";
import type { KnownToken } from "../verification/memory";
import { beginWithHeader, type DirectRoute, mayComeByCookie } from "./direct-routes";
import { type Exchange, ExchangeVerification } from "./exchange";
import { queryPairs } from "./query-pairs";
import { takeableLength, takeBody } from "./whole-body";

/** Answers an operation by its own handler, directly from the socket to the answer. The body, which is JSON, is there before
 * the token is verified, so that this is done only once. The usual way answers what is long, in chunks or slow to arrive,
 * and session cookies. */
export function directly(route: Route): DirectRoute {
  return (exchange) => {
    const { headers, incoming, surroundings } = exchange;
    if (mayComeByCookie(headers) || headers.get("transfer-encoding") !== null) return false;
    if (!route.operation.body) {
      return Number(headers.get("content-length")) === 0 && beginWithHeader(new Operating(exchange, route, null));
    }
    const length = takeableLength(headers);
    if (length === null) return false;
    takeBody(incoming, length, (bytes) => {
      if (bytes === null) surroundings.answerUsually();
      else beginWithHeader(new Operating(exchange, route, bytes));
    });
    return true;
  };
}

/** Checks in the order of the door, and answers what the handler returns. */
class Operating extends ExchangeVerification {
  constructor(
    exchange: Exchange,
    readonly route: Route,
    readonly bytes: Buffer | null,
  ) {
    super(exchange);
  }

  protected override accepted(token: KnownToken, now: Date): void {
    this.#answer(token, now).catch((error) => this.refused(error));
  }

  async #answer(token: KnownToken, now: Date): Promise<void> {
    const { operation, handler } = this.route;
    const { asked, headers } = this.exchange;
    const who = this.actorOf(token, now);
    demandAllowed(operation, who);
    const input = {
      params: readParams(operation.params, asked.id === undefined ? {} : { id: asked.id }),
      query: readQuery(operation, queryPairs(asked.query)),
      headers: readHeaders(operation.headers, headers),
      body: this.bytes && parseJsonBody(operation, headers, this.bytes),
    };
    const answer = jsonAnswerOf(await handler({ ...input, who, now }));
    this.exchange.answer(answer.status, Object.entries(answer.headers).flat(), answer.text);
  }
}
