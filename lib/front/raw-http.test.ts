import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";
import { createHttpServer, type HttpServer } from "./http-server";
import { isRouterState } from "./router-state";

let door: HttpServer;
let port: number;
let value: string;
let other: string;
const reachedNext: string[] = [];
const seenByNext: string[][] = [];

beforeAll(async () => {
  await introduceCast(new Date());
  const ada = await actorOf("ada", new Date());
  value = (await makeToken(ada, { allPermissions: true })).value;
  other = (await makeToken(ada, { allPermissions: true })).value;
  door = createHttpServer(async (request, response) => {
    reachedNext.push(request.url ?? "");
    seenByNext.push(Object.keys(request.headers));
    response.end();
  });
  door.server.listen(0, "127.0.0.1");
  await once(door.server, "listening");
  ({ port } = door.server.address() as AddressInfo);
});
afterAll(() => door.stop());

/** Sends exactly these lines, which no HTTP client would. */
const send = (requestLine: string, ...headers: string[]) => sendAs(requestLine, ...headers, "Connection: close");

async function sendAs(requestLine: string, ...headers: string[]) {
  const socket = connect(port, "127.0.0.1");
  socket.write([requestLine, ...headers, "", ""].join("\r\n"), "latin1");
  const answer = Buffer.concat(await socket.toArray()).toString("latin1");
  const [head = "", body = ""] = answer.split(/\r\n\r\n(.*)/s);
  return { status: Number(head.split(" ")[1]), head, body };
}

const host = "Host: localhost:3000";

test("OPTIONS * says which methods there are", async () => {
  const { status, head } = await send("OPTIONS * HTTP/1.1", host);
  expect([status, head.includes("\r\nAllow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n")]).toEqual([204, true]);
});

describe("is answered 400 with a problem document and does not reach a page:", () => {
  const authorize = "GET /api/v1/authorize?permission=jobs:access HTTP/1.1";
  const path = "/api/v1/token";
  test.each<[string, string, () => string[]]>([
    ["GET *", "GET * HTTP/1.1", () => [host]],
    ["a whole URL", `GET http://localhost:3000${path} HTTP/1.1`, () => [host, `Authorization: Bearer ${value}`]],
    ["a whole URL of another host", "GET http://evil.example/ HTTP/1.1", () => [host]],
    ["two hosts", "GET / HTTP/1.1", () => [host, "Host: evil.example"]],
    ["two hosts in the fast lane", authorize, () => [host, "host: evil.example", `Authorization: Bearer ${value}`]],
    ["two tokens", authorize, () => [host, `Authorization: Bearer ${value}`, `Authorization: Bearer ${other}`]],
    ["one token twice", authorize, () => [host, `Authorization: Bearer ${value}`, `AUTHORIZATION: Bearer ${value}`]],
    [
      "a second token after thousands of headers",
      authorize,
      () => [host, `Authorization: Bearer ${value}`, ...Array(2_500).fill("a:"), `Authorization: Bearer ${other}`],
    ],
    [
      "a token and Basic",
      `GET ${path} HTTP/1.1`,
      () => [host, `Authorization: Bearer ${value}`, "Authorization: Basic eDp5"],
    ],
    [
      "two content types",
      "POST /api/v1/tokens HTTP/1.1",
      () => [host, "Content-Type: a/b", "Content-Type: c/d", "Content-Length: 0"],
    ],
    [
      "two forwarded URIs",
      "GET /api/v1/authorize HTTP/1.1",
      () => [host, `Authorization: Bearer ${value}`, "X-Original-URI: /a", "X-Original-URI: /b"],
    ],
    ["a NUL character in the query of a page", "GET /apps/new?from=%00 HTTP/1.1", () => [host]],
    ["a NUL character in the query of a sign-in", "GET /api/auth/callback/x?state=a%00b HTTP/1.1", () => [host]],
    [
      "a NUL character in the query of REST",
      "GET /api/v1/authorize?permission=%00 HTTP/1.1",
      () => [host, `Authorization: Bearer ${value}`],
    ],
    ["a router state that is none", "GET / HTTP/1.1", () => [host, "RSC: 1", "Next-Router-State-Tree: x"]],
  ])("%s", async (_, line, headers) => {
    reachedNext.length = 0;
    const { status, head, body } = await send(line, ...headers());
    expect(status, body).toBe(400);
    expect(head.toLowerCase()).toContain("content-type: application/problem+json");
    expect(JSON.parse(body).detail).toMatch(/\.$/);
    expect(reachedNext).toEqual([]);
  });
});

test.each(["h2c", "websocket", "TLS/1.0"])(
  "a request that offers to upgrade to %s is answered as without",
  async (offer) => {
    reachedNext.length = 0;
    const headers = [host, `Authorization: Bearer ${value}`, `Upgrade: ${offer}`, "Connection: Upgrade, close"];
    const requests = ["GET /api/v1/token HTTP/1.1", "GET /sign-in HTTP/1.1"];
    for (const line of requests) expect((await sendAs(line, ...headers)).status, line).toBe(200);
    expect(reachedNext).toEqual(["/sign-in"]);
  },
);

test.each([
  ["DELETE", "/api/v1/repositories/Rivers/files/.."],
  ["DELETE", "/api/v1/repositories/Rivers/files/%2e%2E"],
  ["DELETE", "/api/v1/repositories/Rivers/files/.%2e/"],
  ["DELETE", "/api/v1/repositories/Rivers/"],
  ["DELETE", "/api/v1/repositories/Rivers/%2e"],
  ["DELETE", "//api/v1/repositories/Rivers"],
  ["POST", "/x/../api/v1/tokens"],
  ["GET", "/api/v1//token"],
  ["GET", "/api/v1/x/%2e%2e/token?a=b"],
  ["GET", "/api\\v1/token"],
])("%s %s is answered 404, and not led to another path", async (method, path) => {
  reachedNext.length = 0;
  const { status, head } = await send(`${method} ${path} HTTP/1.1`, host, `Authorization: Bearer ${value}`);
  expect([status, head.includes("application/problem+json"), reachedNext]).toEqual([404, true, []]);
});

test("pages may be asked for with a slash at the end, and REST for names with dots", async () => {
  reachedNext.length = 0;
  const paths = [
    "/",
    "/sign-in/",
    "//sign-in",
    "/api/v1/repositories/Rivers/files/a..b",
    "/api/v1/x/...",
    "/api/v1/x/.a",
  ];
  for (const path of paths) expect((await send(`GET ${path} HTTP/1.1`, host)).status).toBe(200);
  expect(reachedNext).toEqual(paths);
});

test("REST does not know the headers of the router of Next.js", async () => {
  const headers = ["RSC: 1", "Next-Router-Prefetch: 1", "Next-Url: /x", "Next-Action: x"];
  seenByNext.length = 0;
  for (const path of ["/api/v1/jobs", "/api?x", "/sign-in"]) await send(`GET ${path} HTTP/1.1`, host, ...headers);
  expect(seenByNext.map((names) => names.filter((name) => /^(rsc|next-)/.test(name)).length)).toEqual([0, 0, 4]);
});

test("health is answered with any query", async () => {
  reachedNext.length = 0;
  for (const path of ["/health/live?now=1", "/health/ready?x"]) {
    expect((await send(`GET ${path} HTTP/1.1`, host)).status, path).toBe(200);
  }
  expect(reachedNext).toEqual([]);
});

test("one of each is answered", async () => {
  const { status } = await send("GET /api/v1/token HTTP/1.1", host, `Authorization: Bearer ${value}`);
  expect(status).toBe(200);
});

describe("a router state", () => {
  const state = fc.letrec<{ state: unknown }>((tie) => ({
    state: fc
      .tuple(
        fc.oneof(
          fc.string(),
          fc.tuple(fc.string(), fc.string(), fc.constantFrom("c", "d", "oc"), fc.option(fc.array(fc.string()))),
        ),
        fc.oneof({ maxDepth: 4 }, fc.constant({}), fc.dictionary(fc.string(), tie("state"), { maxKeys: 2 })),
        fc.array(fc.constantFrom(null), { maxLength: 3 }),
      )
      .map(([segment, children, more]) => [segment, children, ...more]),
  })).state;

  test("of the router's shape is let through", () => {
    fc.assert(
      fc.property(state, (given) => {
        const header = encodeURIComponent(JSON.stringify(given));
        expect(isRouterState(header)).toBe(header.length <= 40_000);
      }),
      { numRuns: 200 },
    );
  });

  test("of any other shape is not", () => {
    for (const wrong of [
      "",
      "x",
      "%zz",
      "null",
      "[]",
      '[""]',
      '["",[]]',
      '["",{"a":1}]',
      '[["a","b","z",null],{}]',
      "%00",
    ]) {
      expect(isRouterState(wrong), wrong).toBe(false);
    }
    const deep = `${'["",{"a":'.repeat(2_000)}["",{}]${"}]".repeat(2_000)}`;
    expect(isRouterState(deep)).toBe(false);
  });
});
