import { Agent, request as rawRequest } from "node:http";
import { expect, origin, publishWorkspace, signIn, test } from "../test";

/** Sends a request without the corrections of a well-behaved client. */
function send(method: string, path: string, headers: Record<string, string> = {}, body: Buffer[] = [], agent?: Agent) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }>((resolve, reject) => {
    const { hostname, port } = new URL(origin());
    const request = rawRequest({ hostname, port, method, path, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    request.on("error", reject);
    for (const part of body) request.write(part);
    request.end();
  });
}

const problemOf = (text: string) => JSON.parse(text) as { status: number; detail: string; field?: string };

test("every answer of pages and endpoints has the security headers", async ({ request }) => {
  for (const path of ["/sign-in", "/docs/api", "/there-is-no-such-page", "/api/v1/nothing", "/api/v1/%zz"]) {
    const headers = (await request.get(path)).headers();
    const policy = headers["content-security-policy"] ?? "";
    expect(policy, path).toMatch(/script-src 'nonce-[A-Za-z0-9+/=]+' 'strict-dynamic'/);
    expect(policy, path).toContain("frame-ancestors 'none'");
    expect(policy, path).not.toMatch(/script-src[^;]*unsafe-inline/);
    expect(headers, path).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
    });
    expect(headers, path).not.toHaveProperty("x-powered-by");
    expect(headers, path).not.toHaveProperty("strict-transport-security");
  }
});

test("every answer of the fast lane has the security headers of an API, on the direct and on the usual way", async ({
  request,
}) => {
  for (const path of ["/api/v1/token", "/api/v1/authorize", "/api/v1/introspect", "/metrics"]) {
    const credentials: Record<string, string>[] = [
      {},
      { authorization: "Bearer none" },
      { cookie: "tessera-session=none" },
    ];
    for (const sent of credentials) {
      const headers = (await request.get(path, { headers: { "x-forwarded-for": "192.0.2.1", ...sent } })).headers();
      expect(headers, path).toMatchObject({
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
      });
      expect(headers, path).not.toHaveProperty("x-powered-by");
      expect(headers, path).not.toHaveProperty("strict-transport-security");
    }
  }
});

test("every script of a page has the nonce of its answer, and each answer has another nonce", async ({ request }) => {
  const nonces = new Set<string>();
  for (const path of ["/sign-in", "/docs/api"]) {
    const response = await request.get(path);
    const nonce = /'nonce-([^']+)'/.exec(response.headers()["content-security-policy"] ?? "")?.[1] ?? "";
    const scripts = (await response.text()).match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.length, path).toBeGreaterThan(0);
    for (const script of scripts) expect(script, path).toContain(`nonce="${nonce}"`);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(2);
});

test("pages do not violate their Content Security Policy", async ({ adasPage: page }) => {
  const refused: string[] = [];
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) refused.push(message.text());
  });
  for (const path of [
    "/settings/tokens",
    "/settings/tokens/new",
    "/workspaces/Samples/nearby-earthquakes",
    "/jobs",
    "/docs/api",
  ]) {
    await page.goto(path);
    await page.waitForLoadState("networkidle");
  }
  expect(refused).toEqual([]);
});

test("an unknown API path is answered 404 with a problem document, even if it is malformed", async () => {
  for (const path of [
    "/api",
    "/api/nothing",
    "/api/v1/nothing/at/all",
    "/api/v1/tokens%2F1",
    "/api/%zz",
    "/api/v1/%ff",
    "/api/v1/%00",
    "/api/v2/tokens",
  ]) {
    for (const method of ["GET", "POST", "DELETE"]) {
      const { status, headers, text } = await send(method, path);
      expect([status, headers["content-type"]], `${method} ${path}`).toEqual([404, "application/problem+json"]);
      expect(problemOf(text).status).toBe(404);
    }
  }
});

test("no query and no header of the router makes a page fail", async ({ adasPage: page, ada }) => {
  const workspace = await publishWorkspace(page, `Odd-${ada.userName}`, "odd", oddlyNamedWorkspace);
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const paths = ["/", "/sign-in", "/settings/tokens", workspace, "/jobs", "/apps/new", "/docs/api", "/nope", "/a/nope"];
  const queries = [
    "constructor=1",
    "toString=1&toString=2",
    "__proto__=1",
    "valueOf",
    "q=%00",
    "%00",
    "hasOwnProperty=a&error=%00",
  ];
  for (const path of paths) {
    for (const query of queries) {
      const { status } = await send("GET", `${path}?${query}`, { cookie });
      if (query.includes("%00")) expect(status, `${path}?${query}`).toBe(400);
      else expect(status, `${path}?${query}`).toBeLessThan(500);
    }
    for (const [name, value] of routerNonsense) {
      for (const rsc of [{}, { rsc: "1" }] as Record<string, string>[]) {
        const { status } = await send("GET", path, { cookie, ...rsc, [name]: value });
        expect(status, `${path} ${name}: ${value}`).toBeLessThan(500);
      }
    }
  }
});

const routerNonsense: [string, string][] = [
  ["next-router-state-tree", "x"],
  ["next-router-state-tree", "%zz"],
  ["next-router-state-tree", "%5B%22constructor%22%2C%7B%22toString%22%3A%5B%22%22%2C%7B%7D%5D%7D%5D"],
  ["next-router-state-tree", "[".repeat(9_000)],
  ["next-router-prefetch", "x"],
  ["next-router-segment-prefetch", "/../x"],
  ["next-hmr-refresh", "x"],
  ["next-url", "http://%zz"],
];

test("parameters can be called what every object has", async ({ adasPage: page, ada }) => {
  const path = await publishWorkspace(page, `Odd-${ada.userName}`, "odd", oddlyNamedWorkspace);
  await page.goto(`${path}?toString=from-the-URL`);
  const field = page.getByLabel("toString");
  await expect(field).toHaveValue("from-the-URL");
  await field.fill("typed");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByRole("cell", { name: "typed" })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("toString")).toHaveValue("typed");
});

const oddlyNamedWorkspace = `/*---
title: Odd names
output: json
parameters:
${["constructor", "hasOwnProperty", "valueOf", "toString"].map((name) => `  - { name: ${name}, type: text, default: usual }`).join("\n")}
---*/
SELECT $constructor AS a, $hasOwnProperty AS b, $valueOf AS c, $toString AS d`;

test("an offer to upgrade the connection is ignored, as HTTP allows", async () => {
  // Java's HttpClient sends one with its first request to every http URL.
  const offer = { connection: "Upgrade, HTTP2-Settings", upgrade: "h2c", "http2-settings": "AAMAAABkAAQAAP__" };
  for (const path of ["/sign-in", "/api/v1/openapi.json", "/nope", "/health/live"]) {
    const plain = await send("GET", path);
    expect((await send("GET", path, offer)).status, path).toBe(plain.status);
  }
  const form = { ...offer, "content-type": "application/x-www-form-urlencoded" };
  expect((await send("POST", "/api/v1/revoke", form, [Buffer.from("token=x")])).status).toBe(200);
});

test("a part of what is compressed otherwise has the bytes that its range counts", async () => {
  const [script] = /\/_next\/static\/[^"]+\.js/.exec((await send("GET", "/sign-in")).text) ?? [];
  const gzip = { "accept-encoding": "gzip" };
  expect((await send("GET", `${script}`, gzip)).headers["content-encoding"]).toBe("gzip");
  const part = await send("GET", `${script}`, { ...gzip, range: "bytes=0-4999" });
  expect([part.status, part.headers["content-encoding"]]).toEqual([206, undefined]);
});

test("a method that is not allowed is answered 405 with the allowed ones", async () => {
  const put = await send("PUT", "/api/v1/tokens");
  expect([put.status, put.headers.allow]).toEqual([405, "GET, HEAD, POST, OPTIONS"]);
  expect(problemOf(put.text).detail).toBe("PUT is not allowed here. Use GET, HEAD, POST, OPTIONS.");
  for (const method of ["TRACE", "PROPFIND"]) expect((await send(method, "/api/v1/tokens")).status).toBe(405);
  const options = await send("OPTIONS", "/api/v1/tokens");
  expect([options.status, options.headers.allow]).toEqual([204, "GET, HEAD, POST, OPTIONS"]);
});

test("HEAD answers like GET, without the body", async () => {
  const get = await send("GET", "/api/v1/openapi.json");
  const head = await send("HEAD", "/api/v1/openapi.json");
  expect([head.status, head.headers["content-type"], head.text]).toEqual([get.status, get.headers["content-type"], ""]);
});

test("a body without a declared size is refused at the limit", async ({ adasPage: page, ada }) => {
  await signIn(page, ada);
  const [session] = await page.context().cookies();
  const headers = { cookie: `tessera-session=${session?.value}`, origin: origin(), "content-type": "application/json" };
  const parts = Array.from({ length: 20 }, () => Buffer.alloc(100_000, " "));
  const { status, text } = await send("POST", "/api/v1/tokens", { ...headers, "transfer-encoding": "chunked" }, parts);
  expect([status, problemOf(text).detail]).toEqual([413, "The body can have at most 1000000 bytes."]);
});

test("a connection whose body was refused serves the next request", async ({ page, ada }) => {
  await signIn(page, ada);
  const [session] = await page.context().cookies();
  const own = { cookie: `tessera-session=${session?.value}`, origin: origin() };
  const headers = { ...own, "content-type": "application/json", "transfer-encoding": "chunked" };
  const parts = Array.from({ length: 40 }, () => Buffer.alloc(100_000, " "));
  const one = new Agent({ keepAlive: true, maxSockets: 1 });
  for (const _ of [1, 2]) {
    expect((await send("POST", "/api/v1/tokens", headers, parts, one)).status).toBe(413);
    expect((await send("GET", "/api/v1/token", own, [], one)).status).toBe(200);
  }
  one.destroy();
});

test("a page of another site cannot change anything with the cookie of its visitor", async ({ adasPage: page }) => {
  const [session] = await page.context().cookies();
  const cookie = { cookie: `${session?.name}=${session?.value}`, "content-type": "application/json" };
  const body = [Buffer.from('{"change":"remove","ids":"all-but-current"}')];
  const refused: Record<string, string>[] = [
    {},
    { origin: "https://evil.example" },
    { origin: "null" },
    { "sec-fetch-site": "cross-site" },
  ];
  for (const from of refused) {
    const host = { host: "evil.example" };
    const { status, text } = await send("POST", "/api/v1/token-changes", { ...cookie, ...host, ...from }, body);
    expect([status, problemOf(text).detail], JSON.stringify(from)).toEqual([
      403,
      expect.stringMatching(/TESSERA_BASE_URL/),
    ]);
  }
  const { port } = new URL(origin());
  for (const ours of [origin(), `http://127.0.0.1:${port}`]) {
    expect((await send("POST", "/api/v1/token-changes", { ...cookie, origin: ours }, body)).status, ours).toBe(200);
  }
});

test("internal headers from a client are ignored", async ({ request }) => {
  const response = await request.get("/settings/tokens?state=expired", {
    headers: { "x-middleware-subrequest": "src/middleware:middleware", "x-tessera-path": "//evil.example" },
    maxRedirects: 0,
  });
  expect(response.status()).toBe(307);
  const { pathname, searchParams } = new URL(response.headers().location ?? "", origin());
  expect([pathname, searchParams.get("return")]).toEqual(["/sign-in", "/settings/tokens?state=expired"]);
});

test("the API page describes every operation and fits 320 pixels", async ({ page, request }) => {
  await page.goto("/docs/api");
  const document = await (await request.get("/api/v1/openapi.json")).json();
  const operations = Object.values(document.paths as object).flatMap((methods) => Object.values(methods as object));
  for (const { summary, operationId } of operations) {
    if (operationId === "getOpenAPIDocument") continue;
    await expect(page.getByRole("heading", { name: summary, exact: true })).toBeAttached();
  }
  await page.setViewportSize({ width: 320, height: 640 });
  const width = await page.evaluate(() => window.document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(320);
});
