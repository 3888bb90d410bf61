import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { actorOf } from "../auth/credentials";
import { now as currentTime } from "../clock";
import { unauthenticated } from "../errors";
import { type Actor, demand, demandOwnPassword } from "../permissions/actor";
import { answerOf, withDoorHeaders } from "./answer";
import { refuseForeignPage } from "./cross-site";
import type { BodyKind, Operation } from "./operation";
import { problemResponse } from "./problem";
import { readBody } from "./request-body";
import { readHeaders, readParams, readQuery } from "./request-input";

/** What a handler is given once the door has let the request in. */
interface Admitted<O extends Operation> {
  who: O["open"] extends true ? null : Actor;
  /** The moment of the request. */
  now: Date;
  params: Parsed<O["params"]>;
  query: Parsed<O["query"]>;
  headers: Parsed<O["headers"]>;
  body: BodyOf<O["body"], O["bodyKind"]>;
  request: Request;
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : Record<never, never>;
type BodyOf<S, K extends BodyKind | undefined> = S extends z.ZodType
  ? z.output<S>
  : K extends "bytes"
    ? Uint8Array<ArrayBuffer>
    : K extends "text"
      ? string
      : undefined;

/** What Next.js calls for a method of a route; the operation travels with it for the API document and the tests. */
export interface Route {
  (request: Request, context: { params: Promise<unknown> }): Promise<Response>;
  operation: Operation;
}

/**
 * The one REST door (design section 5). Asks, in this order: does a cookie come from our own pages, who is it, may they,
 * is the input what it should be; then lets the handler answer. Whatever is thrown on the way is answered
 * as a problem in the operation's dialect.
 *
 * @param handler answers with a plain value (200, JSON), `created`, `accepted`, `noContent` or a `Response` of its own.
 */
export function endpoint<const O extends Operation>(
  operation: O,
  handler: (admitted: Admitted<O>) => unknown | Promise<unknown>,
): Route {
  const route = async (request: Request, context: { params: Promise<unknown> }) => {
    const asked: RequestContext = { request, requestId: request.headers.get("x-request-id") ?? randomUUID() };
    try {
      const admitted = await admit(operation, asked, await context.params);
      return withDoorHeaders(answerOf(await handler(admitted as Admitted<O>)), request, asked.requestId);
    } catch (error) {
      return withDoorHeaders(problemResponse(error, asked, operation.dialect), request, asked.requestId);
    }
  };
  return Object.assign(route, { operation });
}

/** A request under its id; the door adds the user when it knows. */
interface RequestContext {
  request: Request;
  requestId: string;
  userName?: string;
}

async function admit(operation: Operation, asked: RequestContext, rawParams: unknown) {
  const { request } = asked;
  refuseForeignPage(request, operation.allowUrlToken);
  const arrived = operation.open ? null : await authorizeRequest(operation, asked);
  const input = {
    params: readParams(operation.params, rawParams),
    query: readQuery(operation, request),
    headers: readHeaders(operation.headers, request),
    body: await readBody(operation, request),
  };
  // A body can take minutes to arrive: what counts is what the token is worth when it has.
  const who = arrived && request.body ? await authorizeRequest(operation, asked) : arrived;
  return { ...input, who, now: who?.now ?? currentTime(), request };
}

async function authorizeRequest(operation: Operation, asked: RequestContext): Promise<Actor> {
  const who = await authenticate(asked.request, operation.allowUrlToken ?? false);
  asked.userName = who.userName;
  if (!operation.withOneTimePassword) demandOwnPassword(who);
  if (operation.permission) demand(who, operation.permission);
  return who;
}

async function authenticate(request: Request, allowUrlToken: boolean): Promise<Actor> {
  const who = await actorOf(request, { allowUrlToken });
  if (!who) throw unauthenticated("missing");
  return who;
}
