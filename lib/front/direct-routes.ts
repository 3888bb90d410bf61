import { fromAuthorization, mayCarry } from "../auth/credentials";
import type { HeaderReader } from "../auth/requester";
import { unauthenticated } from "../errors";
import { demandAllowed } from "../http/endpoint";
import { readHeaders, readQuery } from "../http/request-input";
import { presentedViewOf } from "../tokens/queries";
import type { ShownToken } from "../tokens/view";
import { ClockCache } from "../verification/clock-cache";
import type { TokenDetails } from "../verification/details";
import type { KnownToken } from "../verification/memory";
import { tokenResolver } from "../verification/token-resolver";
import type { Forwarded } from "./authorize-rules";
import { type Exchange, ExchangeVerification } from "./exchange";
import { queryPairs } from "./query-pairs";
import { authorizedHeaders, effectiveOf } from "./verification-answers";
import { authorize, readPresentedToken } from "./verification-routes";

// Operations that need no body, directly from the socket to the answer. They ask in the order of the door: credential, query,
// headers, permission.

/** Answers, or returns false for what the usual way answers, such as a session cookie, which is extended there. */
export type DirectRoute = (exchange: Exchange) => boolean;

export const authorizeDirectly: DirectRoute = (exchange) => beginWithHeader(new Authorization(exchange));

export const readTokenDirectly: DirectRoute = (exchange) => beginWithHeader(new TokenReading(exchange));

/** Whether the credential of a request may be a session cookie. */
export const mayComeByCookie = (headers: HeaderReader): boolean =>
  headers.get("cookie") !== null && fromAuthorization(headers.get("authorization")) === null;

/** Returns false for a session cookie, and does nothing. */
export function beginWithHeader(verification: ExchangeVerification): boolean {
  const { headers } = verification.exchange;
  if (mayComeByCookie(headers)) return false;
  const value = fromAuthorization(headers.get("authorization"));
  if (value === null) verification.refused(unauthenticated("missing"));
  else if (!mayCarry("header", value)) verification.refused(unauthenticated("invalid"));
  else verification.begin(value);
  return true;
}

class Authorization extends ExchangeVerification {
  protected override accepted(token: KnownToken, now: Date): void {
    try {
      const { asked, headers, surroundings } = this.exchange;
      const { operation } = authorize;
      const who = this.actorOf(token, now);
      demandAllowed(operation, who);
      const query = readQuestion(asked.query);
      const forwarded: Forwarded = surroundings.namesRequest ? readHeaders(operation.headers, headers) : noRequest;
      this.exchange.answer(200, authorizedHeaders(who, query, forwarded), "");
    } catch (error) {
      this.refused(error);
    }
  }
}

const noRequest: Forwarded = {};

interface Question {
  query: { permission?: string };
  referenced: boolean;
}

/** Programs ask a few questions often, each in its own spelling. Their number and size are limited, since clients choose them. */
const questions = new ClockCache<Question>(1_000);
const questionLengthMax = 500;

function readQuestion(text: string): Question["query"] {
  const known = questions.get(text);
  if (known) return known.query;
  const query = readQuery(authorize.operation, queryPairs(text));
  if (text.length <= questionLengthMax) questions.set(text, { query, referenced: false });
  return query;
}

class TokenReading extends ExchangeVerification {
  constructor(exchange: Exchange) {
    super(exchange, true);
  }

  protected override accepted(token: KnownToken, now: Date, details: TokenDetails | null): void {
    const answer = (read: TokenDetails | null) =>
      read === null ? this.refused(unauthenticated("invalid")) : this.#answer(token, now, read);
    if (details === null) tokenResolver().readDetails(token, answer, (error) => this.failed(error));
    else answer(details);
  }

  #answer(token: KnownToken, now: Date, details: TokenDetails): void {
    try {
      const who = this.actorOf(token, now);
      demandAllowed(readPresentedToken.operation, who);
      readQuery(readPresentedToken.operation, queryPairs(this.exchange.asked.query));
      this.exchange.answerJson(presentedViewOf(who, rowOf(token, details), effectiveOf(who).list));
    } catch (error) {
      this.refused(error);
    }
  }
}

/** Lists every field, because objects made by spreading are made and read slowly. */
const rowOf = (token: KnownToken, details: TokenDetails): ShownToken => ({
  id: token.id,
  kind: token.kind,
  name: token.name,
  description: details.description,
  lastFour: details.lastFour,
  enabled: details.enabled,
  allPermissions: token.allPermissions,
  permissions: token.allPermissions ? [] : sortedOf(token.given),
  inUrl: details.inUrl,
  createdAt: details.createdAt,
  expiresAt: details.expiresAt,
  lastUsedAt: details.lastUsedAt,
  lastUsedAddress: details.lastUsedAddress,
  lastUsedAgent: details.lastUsedAgent,
  app: details.app,
});

const sorted = new WeakMap<KnownToken["given"], string[]>();

/** In order of code points, like COLLATE "C" in the database; computed once for a set, which never changes. */
function sortedOf(given: KnownToken["given"]): string[] {
  const known = sorted.get(given) ?? [...given].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  sorted.set(given, known);
  return known;
}
