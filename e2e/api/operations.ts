import * as openapi from "@/app/api/v1/openapi.json/route";
import { routes } from "@/app/api/v1/routes";
import type { Route } from "@/lib/http/endpoint";
import { operationsOf, type RouteOperation, type RouteTable } from "@/lib/openapi/document";
import type { SampleRequest } from "./sample-requests";

export const everyRoute: RouteTable = { ...routes, "/api/v1/openapi.json": openapi };

/** All operations by name, such as `GET /api/v1/tokens`. */
export const operations = new Map<string, RouteOperation>(
  operationsOf(everyRoute).map((each) => [`${each.method} ${each.path}`, each]),
);

/** Calls the route of an operation, as Next.js would. An object is sent as JSON; text and bytes are sent as they are. */
export function sendTo(
  operation: string,
  { params = {}, body, headers = {}, ...sample }: SampleRequest,
  query = sample.query ?? "",
): Promise<Response> {
  const { path, method } = findOperation(operation);
  const route = everyRoute[path]?.[method] as Route;
  const url = `http://localhost:3000${path.replaceAll(/\[(\w+)\]/g, (_, name) => encodeURIComponent(params[name] ?? ""))}${query}`;
  const isRaw = typeof body === "string" || body instanceof Uint8Array;
  const request = new Request(url, {
    method,
    headers: body !== undefined && !isRaw ? { "content-type": "application/json", ...headers } : headers,
    body: isRaw ? (body as BodyInit) : body === undefined ? undefined : JSON.stringify(body),
  });
  return route(request, { params: Promise.resolve(params) });
}

export function findOperation(operation: string): RouteOperation {
  const found = operations.get(operation);
  if (!found) throw new Error(`There is no operation ${operation}.`);
  return found;
}
