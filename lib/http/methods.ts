import { randomUUID } from "node:crypto";
import { notFound, Refusal } from "../errors";
import { withDoorHeaders } from "./answer";
import { type Dialect, restDialect } from "./dialect";
import type { Route } from "./endpoint";
import { problemResponse } from "./problem";

export const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
export type Method = (typeof methods)[number];

type RefusalHandler = (request: Request) => Promise<Response>;
type Answered<R> = keyof R | ("GET" extends keyof R ? "HEAD" : never);

/** The last line of every route file: answers OPTIONS, and 405 with `Allow` for each method that the route lacks.
 * `export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });` */
export function otherMethods<R extends Partial<Record<Method, Route>>>(
  routes: R,
  optionsHeaders: () => Record<string, string> = () => ({}),
): Record<Exclude<Method, Answered<R>>, RefusalHandler> {
  const answered = methods.filter((method) => method in routes || (method === "HEAD" && "GET" in routes));
  const allow = [...answered, "OPTIONS"].join(", ");
  const refuse: RefusalHandler = async (request) =>
    request.method === "OPTIONS"
      ? new Response(null, { status: 204, headers: { Allow: allow, ...optionsHeaders() } })
      : refusalResponse(request, methodNotAllowed(request.method, allow), dialectOf(routes));
  const others = methods.filter((method) => !answered.includes(method)).map((method) => [method, refuse]);
  return Object.fromEntries(others) as Record<Exclude<Method, Answered<R>>, RefusalHandler>;
}

function dialectOf(routes: Partial<Record<Method, Route>>): Dialect {
  return Object.values(routes)[0]?.operation.dialect ?? restDialect;
}

export const nothingHereIn =
  (dialect: Dialect): RefusalHandler =>
  async (request) =>
    refusalResponse(request, notFound(), dialect);

/** Answers 404 for a path of `/api` without a route. */
export const answerNotFound = nothingHereIn(restDialect);

const methodNotAllowed = (method: string, allow: string) =>
  new Refusal("method-not-allowed", `${method} is not allowed here. Use ${allow}.`, { headers: { Allow: allow } });

function refusalResponse(request: Request, refusal: Refusal, dialect: Dialect): Response {
  const requestId = request.headers.get("x-request-id") ?? randomUUID();
  return withDoorHeaders(problemResponse(refusal, { request, requestId }, dialect), request, requestId);
}
