import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readBuiltRoutes } from "./built-routes";

const routes = {
  basePath: "",
  redirects: [{ internal: true }],
  headers: [],
  onMatchHeaders: [],
  rewrites: { beforeFiles: [], afterFiles: [], fallback: [] },
  staticRoutes: [{ page: "/" }, { page: "/api/v1/tokens" }],
  dynamicRoutes: [
    { page: "/api/auth/[...nextauth]", regex: "^/api/auth/(.+?)(?:/)?$" },
    { page: "/api/v1/jobs/[id]", regex: "^/api/v1/jobs/([^/]+?)(?:/)?$" },
    { page: "/api/[[...path]]", regex: "^/api(?:/(.+?))?(?:/)?$" },
  ],
};
const pages = ["/api/v1/tokens", "/api/v1/jobs/[id]", "/api/auth/[...nextauth]", "/api/[[...path]]"];

/** A build whose routes write their name into the answer's header `from`. */
async function readBuild(changes: object = {}, proxies: { middleware?: object; functions?: object } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "tessera-routes-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const write = async (path: string, content: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  const byKey = (value: (page: string) => string) =>
    JSON.stringify(Object.fromEntries([...pages.map((page) => [`${page}/route`, value(page)]), ["/page", value("/")]]));
  await write("routes-manifest.json", JSON.stringify({ ...routes, ...changes }));
  await write(
    "app-path-routes-manifest.json",
    byKey((page) => page),
  );
  await write(
    "server/app-paths-manifest.json",
    byKey((page) => `app${page}/route.js`),
  );
  await write("server/middleware-manifest.json", JSON.stringify({ middleware: {}, ...proxies }));
  await write("server/functions-config-manifest.json", JSON.stringify({ functions: {}, ...proxies }));
  for (const page of pages) {
    await write(
      `server/app${page}/route.js`,
      `let loaded = 0;
       exports.routeModule = { ensureUserland: async () => { loaded += 1; } };
       exports.handler = async (request, response, { requestMeta }) =>
         response.setHeader("from", ${JSON.stringify(page)} + " " + loaded + " " + requestMeta.initURL + " " + request.headers["x-tessera-body"]);`,
    );
  }
  return readBuiltRoutes("http://localhost:3000", folder);
}

/** The name of the route that answers, or null when Next's router must. The body is announced, and there or not. */
async function answering({ answer }: Awaited<ReturnType<typeof readBuild>>, url: string, body?: { isThere: boolean }) {
  const request = Object.assign(new IncomingMessage(new Socket()), { method: "POST", url });
  if (body) request.headers["content-length"] = "2";
  if (body?.isThere) {
    request.push("{}");
    request.complete = true;
  }
  const response = new ServerResponse(request);
  const answered = answer(request, response);
  await answered;
  return answered && String(response.getHeader("from"));
}

test("a request goes to the route that Next's manifests name, which sees its URL", async () => {
  const build = await readBuild();
  const expected = {
    "/api/v1/tokens?a=1": "/api/v1/tokens",
    "/api/v1/jobs/7": "/api/v1/jobs/[id]",
    "/api/v1/jobs/K%C3%B6ln%20a": "/api/v1/jobs/[id]",
    "/api/auth/callback/credentials": "/api/auth/[...nextauth]",
  };
  for (const [url, page] of Object.entries(expected))
    expect(await answering(build, url)).toBe(`${page} 0 http://localhost:3000${url} undefined`);
});

test("a route learns whether all of the body is there", async () => {
  const build = await readBuild();
  expect(await answering(build, "/api/v1/tokens", { isThere: true })).toMatch(/ whole$/);
  expect(await answering(build, "/api/v1/tokens", { isThere: false })).toMatch(/ undefined$/);
});

test("what may mean something else to Next goes to its router", async () => {
  const build = await readBuild();
  for (const url of [
    ...["/", "/api", "/api/v1", "/api/v1/none", "/api/none", "/api/v1/tokens/", "/api/v1//tokens", "/API/v1/tokens"],
    ...["/api/v1/jobs/a%2Fb", "/api/v1/jobs/%5Bid%5D", "/api/v1/jobs/%2525", "/api/v1/jobs/a\\b", "/api/v1/jobs/a;b"],
    ...["/api/v1/jobs/7.rsc", "/api/v1/jobs/7.segments/x", "/api/v1/jobs/7.segment.rsc", "//api/v1/tokens", "*"],
    ...["/api/v1/jobs/7?nxtPid=8", "/api/v1/jobs/7?a=%&%6ext%50id=8", "/api/v1/jobs/7?nxtIid=8"],
  ])
    expect(await answering(build, url), url).toBeNull();
});

test("with anything between requests and routes, all go to Next's router", async () => {
  const rule = [{ source: "/api/v1/tokens" }];
  for (const changes of [
    ...[{ basePath: "/base" }, { i18n: { locales: ["en"] } }, { headers: rule }, { onMatchHeaders: rule }],
    ...[{ redirects: rule }, { rewrites: { ...routes.rewrites, afterFiles: rule } }],
  ])
    expect(await answering(await readBuild(changes), "/api/v1/tokens"), JSON.stringify(changes)).toBeNull();
  for (const proxies of [{ middleware: { "/": {} } }, { functions: { "/_middleware": {} } }])
    expect(await answering(await readBuild({}, proxies), "/api/v1/tokens")).toBeNull();
});

test("all routes can be loaded ahead of their first request", async () => {
  const build = await readBuild();
  await build.loadAll();
  expect(await answering(build, "/api/v1/tokens")).toMatch(/^\/api\/v1\/tokens 1 /);
});
