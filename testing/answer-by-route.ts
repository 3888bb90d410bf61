import { routes } from "@/app/api/v1/routes";
import type { Route } from "@/lib/http/endpoint";

const table = Object.entries(routes).map(([path, module]) => ({
  pattern: new RegExp(`^${path.replaceAll(/\[(\w+)\]/g, "(?<$1>[^/]+)")}$`),
  module,
}));

/** Answers a REST request by calling its route, as Next.js would; 404 when there is none. */
export async function answerByRoute(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const found = table.find(({ pattern }) => pattern.test(pathname));
  const { method } = request;
  // As Next.js does it.
  const route = found?.module[method === "HEAD" && !found.module.HEAD ? "GET" : (method as "POST")] as
    | Route
    | undefined;
  if (!found || !route) return new Response(null, { status: 404 });
  const segments = Object.entries(found.pattern.exec(pathname)?.groups ?? {});
  const params = Object.fromEntries(segments.map(([name, value]) => [name, decodeURIComponent(value)]));
  return route(request, { params: Promise.resolve(params) });
}
