import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { demandActor } from "../auth/credentials";
import { isFromSameSite } from "../auth/origins";
import { bodyHeader, type HeaderReader } from "../auth/requester";
import { now as currentTime } from "../clock";
import { type Actor, demand, demandOwnPassword } from "../permissions/actor";
import { answerOf, withDoorHeaders } from "./answer";
import { refuseForeignPage } from "./cross-site";
import type { ForeignBody } from "./foreign-body";
import type { BodyKind, Operation } from "./operation";
import { problemResponse } from "./problem";
import { dropRest, readBody, type StreamedBody } from "./request-body";
import { readHeaders, readParams, readQuery } from "./request-input";

interface Admitted<O extends Operation> {
  who: O["open"] extends true ? null : Actor;
  now: Date;
  params: Parsed<O["params"]>;
  query: Parsed<O["query"]>;
  headers: Parsed<O["headers"]>;
  body: BodyOf<O["body"], O["bodyKind"]> | (O["anyBody"] extends true ? ForeignBody : never);
  request: Request;
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : Record<never, never>;
type BodyOf<S, K extends BodyKind | undefined> = S extends z.ZodType
  ? z.output<S>
  : K extends "stream"
    ? StreamedBody
    : K extends "bytes"
      ? Uint8Array<ArrayBuffer>
      : K extends "text"
        ? string
        : undefined;

export interface Route {
  (request: Request, context: { params: Promise<unknown> }): Promise<Response>;
  operation: Operation;
  /** Gets what the door has admitted. */
  handler(admitted: object): unknown;
}

/** Makes a route of an operation: the one REST door (design 5). It checks, in this order: does a cookie come from an
 * own page, who is the actor, are they permitted, is the input valid. Errors are answered in the operation's dialect.
 * The handler returns a plain value (200, JSON), `created`, `accepted`, `noContent` or a `Response`. */
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
      const response = problemResponse(error, asked, operation.dialect);
      if (asked.stream && !(await dropRest(asked.stream))) response.headers.set("Connection", "close");
      return withDoorHeaders(response, request, asked.requestId);
    }
  };
  return Object.assign(route, { operation, handler: handler as Route["handler"] });
}

interface RequestContext {
  request: Request;
  requestId: string;
  userName?: string;
  stream?: StreamedBody;
}

async function admit(operation: Operation, asked: RequestContext, rawParams: unknown) {
  const { request } = asked;
  const isEnd = operation.endsOnly?.(new URL(request.url).pathname) && isFromSameSite(request.headers);
  if (!isEnd) refuseForeignPage(request, operation.allowUrlToken);
  const arrived =
    operation.open || mayHaveSecretInForm(operation, request.headers) ? null : await authorizeRequest(operation, asked);
  const input = {
    params: readParams(operation.params, rawParams),
    query: readQuery(operation, new URL(request.url).searchParams),
    headers: readHeaders(operation.headers, request.headers),
    body: await readBody(operation, request, () => authorizeRequest(operation, asked)),
  };
  const isStream = operation.bodyKind === "stream";
  if (isStream) asked.stream = input.body as StreamedBody;
  // A body can take minutes to arrive, so the token is verified again after that, unless all of it was there before.
  const mayBeLate = request.body !== null && request.headers.get(bodyHeader) !== "whole";
  const isDue = !isStream && (arrived ? mayBeLate : !operation.open);
  const who = isDue ? await authorizeRequest(operation, asked, input.body) : arrived;
  return { ...input, who, now: who?.now ?? currentTime(), request };
}

/** A form without a credential in a header is read first, because the credential may be in it. */
export function mayHaveSecretInForm({ clientSecret = false }: Operation, headers: HeaderReader): boolean {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers.get("content-type") ?? "");
  return clientSecret && isForm && headers.get("authorization") === null;
}

async function authorizeRequest(operation: Operation, asked: RequestContext, body?: unknown): Promise<Actor> {
  const who = await authenticate(operation, asked.request, body);
  asked.userName = who.userName;
  demandAllowed(operation, who);
  return who;
}

/** Refuses `forbidden` what no body and no parameter can change. */
export function demandAllowed({ withOneTimePassword, permission }: Operation, who: Actor): void {
  if (!withOneTimePassword) demandOwnPassword(who);
  if (permission) demand(who, permission);
}

async function authenticate(
  { allowUrlToken = false, clientSecret }: Operation,
  request: Request,
  body: unknown,
): Promise<Actor> {
  const { client_secret: inForm = null } = (body ?? {}) as { client_secret?: string };
  return demandActor(request, { allowUrlToken, ...(clientSecret && { clientSecret: { inForm } }) });
}
