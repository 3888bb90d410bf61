import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { bodyHeader } from "@/lib/auth/requester";
import { log } from "@/lib/log";
import type { AnswerBuilt } from "../front/http-server";
import { IncomingHeaders } from "../front/incoming-headers";
import { takeableLength, waitForBody } from "../front/whole-body";
import { holdShort } from "./short-answer";

/** What a build makes of a route handler: Next's documented interface for those who call it without its router. */
interface Entry {
  handler(
    request: IncomingMessage,
    response: ServerResponse,
    context: { waitUntil(work: Promise<unknown>): void; requestMeta: { initURL: string } },
  ): Promise<void>;
  routeModule: { ensureUserland(): Promise<void> };
}

interface RoutesManifest {
  basePath: string;
  i18n?: object;
  redirects: { internal?: boolean }[];
  headers: object[];
  onMatchHeaders: object[];
  rewrites: Record<"beforeFiles" | "afterFiles" | "fallback", object[]>;
  staticRoutes: { page: string }[];
  dynamicRoutes: { page: string; regex: string }[];
}

interface BuiltRoutes {
  /** Returns null for a request that has no such route, or that may mean something else to Next. */
  answer: AnswerBuilt;
  /** Loads all routes, which Next does at the first request of each. */
  loadAll(): Promise<void>;
}

type ReadManifest = (name: string) => unknown;

/** The route handlers of REST and sign-in in the production build, called without Next's router (decision 1831). The paths
 * are matched by the manifests that Next wrote. `origin` is the base of the URLs that they see. */
export function readBuiltRoutes(origin: string, build = ".next"): BuiltRoutes {
  const read: ReadManifest = (name) => JSON.parse(readFileSync(join(build, name), "utf8"));
  const routes = read("routes-manifest.json") as RoutesManifest;
  if (mayChangeRequests(routes, read)) return { answer: () => null, loadAll: async () => undefined };
  const load = createRequire(resolve(build, "server/app-paths-manifest.json"));
  const files = read("server/app-paths-manifest.json") as Record<string, string>;
  const pages = read("app-path-routes-manifest.json") as Record<string, string>;
  const keys = Object.keys(files).filter((key) => key.endsWith("/route") && isOurs(pages[key] ?? ""));
  const entries = new Map(keys.map((key) => [pages[key], () => load(`./${files[key]}`) as Entry]));
  const fixed = new Set(routes.staticRoutes.map(({ page }) => page));
  const patterns = routes.dynamicRoutes.map(({ page, regex }) => ({ page, pattern: new RegExp(regex) }));
  const pageOf = (path: string) => (fixed.has(path) ? path : patterns.find(({ pattern }) => pattern.test(path))?.page);
  return {
    answer: (request, response) => {
      const { url = "/" } = request;
      const entry = isPlain(url) && entries.get(pageOf(url.split("?", 1)[0] ?? ""));
      if (!entry) return null;
      holdShort(request, response);
      const call = () => entry().handler(request, response, { waitUntil, requestMeta: { initURL: origin + url } });
      return awaitBody(request).then(call);
    },
    loadAll: async () => {
      for (const entry of entries.values()) {
        await entry().routeModule.ensureUserland();
        await new Promise(setImmediate);
      }
    },
  };
}

const isOurs = (page: string) => /^\/api\/(?:v1|auth)\//.test(page);

/** Whether anything stands between a request and its route: a rewrite, a redirect other than Next's own, a proxy file. */
function mayChangeRequests(routes: RoutesManifest, read: ReadManifest): boolean {
  const { basePath, i18n, redirects, headers, onMatchHeaders, rewrites } = routes;
  const { middleware } = read("server/middleware-manifest.json") as { middleware: object };
  const { functions } = read("server/functions-config-manifest.json") as { functions: object };
  const rules = [...redirects.filter(({ internal }) => !internal), ...headers, ...onMatchHeaders];
  const rewriting = Object.values(rewrites).flat();
  const hasProxy = Object.keys(middleware).length > 0 || "/_middleware" in functions;
  return basePath !== "" || i18n !== undefined || rules.length + rewriting.length > 0 || hasProxy;
}

/** Segments of letters, digits, spaces and the like, which all readers of a path read alike, and no data of a page. */
const plainPath = /^\/api\/(?:v1|auth)(?:\/(?:[\w.~:@-]|%20|%[89a-f][\da-f])+)+$/i;
const pageData = /\.(?:rsc|segments?)\b/i;
/** The parameters by which Next gets parts of the path from a proxy of its own. */
const routeParameter = /nxt[pi]/i;

function isPlain(url: string): boolean {
  const [path = "", query = ""] = url.split(/\?(.*)/s);
  return plainPath.test(path) && !pageData.test(path) && !routeParameter.test(withoutEncoding(query));
}

/** Reads each %XX as a character of its own, also where they are no UTF-8. */
const withoutEncoding = (query: string) =>
  query.includes("%")
    ? query.replace(/%([\da-f]{2})/gi, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)))
    : query;

/** Notes when the whole body is there before its route verifies a credential, which then need not be done again after it. */
async function awaitBody(request: IncomingMessage): Promise<void> {
  const length = takeableLength(new IncomingHeaders(request.headers));
  if (length === null) return;
  const isThere = await new Promise<boolean>((resolve) => waitForBody(request, length, resolve));
  if (isThere) request.headers[bodyHeader] = "whole";
}

function waitUntil(work: Promise<unknown>): void {
  work.catch((error) => log.error({ err: error }, "work after an answer failed"));
}
