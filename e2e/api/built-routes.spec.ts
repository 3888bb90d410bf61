import { request as rawRequest } from "node:http";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { later, now } from "@/lib/clock";
import { startSessionOf } from "@/testing/sessions";
import { expect, origin, type Person, test } from "../test";

/** Only pages send a router state, which leads to Next's router. */
const byRouter = { "Next-Router-State-Tree": "%5B%22%22%2C%7B%7D%5D" };

interface Sample {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** Sends the body in a packet of its own. */
  isSplit?: boolean;
}

interface Answer {
  status: number;
  headers: string[];
  text: string;
}

function send({ method, path, headers, body, isSplit = false }: Sample): Promise<Answer> {
  const { hostname, port } = new URL(origin());
  return new Promise((resolve, reject) => {
    const request = rawRequest({ hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        const isPacked = response.headers["content-encoding"] === "gzip" && bytes.length > 0;
        const text = (isPacked ? gunzipSync(bytes) : bytes).toString("latin1");
        resolve({ status: response.statusCode ?? 0, headers: response.rawHeaders, text });
      });
    });
    request.on("error", reject);
    if (!isSplit) return request.end(body);
    request.flushHeaders();
    setTimeout(() => request.end(body), 20);
  });
}

/** How an answer travels, which differs between the ways: in one part with its length, or in chunks. */
const ofTransport = new Set([
  "content-length",
  "transfer-encoding",
  "content-encoding",
  "vary",
  "date",
  "x-request-id",
]);

/** An answer without its transport and what is new in each answer. */
function comparable({ status, headers, text }: Answer): string {
  const lines = headers
    .flatMap((name, index) => (index % 2 === 0 ? [[name.toLowerCase(), headers[index + 1] ?? ""] as const] : []))
    .filter(([name]) => !ofTransport.has(name))
    .map(([name, value]) => `${name}: ${value.replace(/'nonce-[^']+'/g, "'nonce-…'")}`)
    .map((line) => line.replace(/^(set-cookie: tessera-(?:csrf|state|nonce)=)[^;]*/, "$1…"));
  const body = text.replace(/"(requestId|csrfToken|now)":"[^"]*"/g, '"$1":"…"').replace(/"lastUsed[^}]*\}/g, "…");
  return [String(status), ...lines, "", body].join("\n");
}

const headerOf = ({ headers }: Answer, wanted: string) =>
  headers[headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === wanted) + 1] ?? "";
const isByRouter = (answer: Answer) => headerOf(answer, "vary").includes("next-router");

async function sessionOf({ userId }: Person): Promise<Record<string, string>> {
  const { value } = await startSessionOf({ userId, ip: "127.0.0.1", agent: null, now: now() });
  return { Cookie: `tessera-session=${value.reveal()}`, Origin: origin() };
}

async function bearerOf(session: Record<string, string>, rights: object): Promise<Record<string, string>> {
  const headers = { ...session, "Content-Type": "application/json" };
  const expiresAt = later(now(), 86_400_000).toISOString();
  const body = JSON.stringify({ name: `doors ${JSON.stringify(rights).length}`, expiresAt, ...rights });
  const answer = await send({ method: "POST", path: "/api/v1/tokens", headers, body });
  expect(answer.status, answer.text).toBe(201);
  return { Authorization: `Bearer ${JSON.parse(answer.text).value}` };
}

const plainValues = [
  "Samples",
  "nearby-earthquakes",
  "user",
  "none",
  "a b".replace(" ", "%20"),
  "K%C3%B6ln",
  "a.b",
  "a:b@c",
];
const oddValues = ["%5Bid%5D", "a%2Fb", "100%25", "a+b", "a;b", "a,b", "x.rsc", "%C3", "$", "%00", "..", "nxtPid"];
const plainQueries = ["", "?", "?limit=2", "?limit=x", "?a=1&a=1", "?a=%00", "?a=%", "?_rsc=1", "?limit=2&cursor=none"];
const oddQueries = ["?nxtPid=1", "?%6extPrepository=other", "?nxtIname=1"];

/** The paths of the document that can be read, and those that take a POST. */
type Documented = Record<"get" | "post", string[]>;

/** Requests of every operation of the document. With rights, only such as change nothing. */
function samples(documented: Documented, credentials: Record<string, Record<string, string>>): fc.Arbitrary<Sample> {
  const often = <T>(usual: T[], rare: T[]) =>
    fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...usual) }, fc.constantFrom(...rare));
  const pathOf = (templates: string[]) =>
    fc
      .tuple(fc.constantFrom(...templates), fc.array(often(plainValues, oddValues), { minLength: 4, maxLength: 4 }))
      .map(([template, values]) => template.replaceAll(/\{\w+\}/g, () => values.pop() ?? "x"));
  const wholeOf = (templates: string[]) =>
    fc.oneof(
      { weight: 12, arbitrary: pathOf(templates) },
      pathOf(templates).map((text) => `${text}/`),
      fc.constantFrom("/api/v1/none", "/api/v1", "/api/auth/none", "/api/V1/tokens", "/api/v1/Tokens"),
    );
  const headers = fc.constantFrom<Record<string, string>>(
    ...[{}, {}, {}, { RSC: "1" }, { "Next-Router-Prefetch": "1" }, { "X-Nextjs-Data": "1" }, { Purpose: "prefetch" }],
    ...[
      { Accept: "text/html" },
      { "Accept-Encoding": "gzip" },
      { "X-Prerender-Revalidate": "x" },
      { Range: "bytes=0-1" },
    ],
    { "X-Invocation-Id": "x", "Next-Action": "x" },
  );
  const draft = fc.constantFrom("", "", "", "__prerender_bypass=x", "__prerender_bypass=x; __next_preview_data=y");
  const shape = { headers, draft, query: often(plainQueries, oddQueries) };
  const readable = {
    whole: wholeOf(documented.get),
    method: fc.constantFrom("GET", "GET", "GET", "HEAD", "OPTIONS"),
    body: fc.constant(undefined),
    isSplit: fc.constant(false),
  };
  const changing = {
    whole: wholeOf(documented.post),
    method: fc.constantFrom("POST", "POST", "POST", "PUT", "PATCH", "DELETE"),
    body: fc.constantFrom("", "{}", "{", "null", '{"name":7}', "a=b"),
  };
  const asked = fc.oneof(
    fc.record({ ...shape, ...readable, who: fc.constantFrom(...Object.keys(credentials), "all", "session") }),
    fc.record({
      ...shape,
      ...changing,
      isSplit: fc.boolean(),
      who: fc.constantFrom("none", "junk", "narrow", "narrow", "narrow"),
    }),
  );
  return asked.map(({ whole, headers, draft, query, method, body, isSplit, who }) => {
    const { Cookie = "", ...mine } = credentials[who] ?? {};
    const cookies = [Cookie, draft].filter(Boolean).join("; ");
    const content: Record<string, string> =
      body === undefined ? {} : { "Content-Type": "application/json", "Content-Length": String(body.length) };
    const all = { ...headers, ...mine, ...content, ...(cookies && { Cookie: cookies }) };
    return { method, path: whole + query, headers: all, body, isSplit };
  });
}

/** Verification and the operations of one token never reach Next. */
const ofFastLane = /^\/api\/v1\/(?:authorize|introspect|revoke|token|tokens\/\{id\})$/;

test("a route answers alike when it is called directly and by Next's router", async ({ root }) => {
  const session = await sessionOf(root);
  const credentials = {
    none: {},
    junk: { Authorization: "Bearer junk" },
    narrow: await bearerOf(session, { permissions: ["jobs:access"] }),
    all: await bearerOf(session, { allPermissions: true }),
    session,
  };
  const { text } = await send({ method: "GET", path: "/api/v1/openapi.json", headers: {} });
  const paths = Object.entries<object>(JSON.parse(text).paths).filter(([path]) => !ofFastLane.test(path));
  const taking = (method: string) => paths.flatMap(([path, operations]) => (method in operations ? [path] : []));
  const documented = {
    get: [...taking("get"), "/api/auth/csrf", "/api/auth/session"],
    post: [...taking("post"), "/api/auth/callback/credentials"],
  };
  const seen: Record<string, number> = {};
  const count = (name: string) => {
    seen[name] = (seen[name] ?? 0) + 1;
  };
  await fc.assert(
    fc.asyncProperty(samples(documented, credentials), async (asked) => {
      const direct = await send(asked);
      const routed = await send({ ...asked, headers: { ...asked.headers, ...byRouter } });
      expect(comparable(direct)).toBe(comparable(routed));
      count(String(direct.status));
      count(isByRouter(direct) ? "by the router" : "directly");
    }),
    { numRuns: 100 },
  );
  // The requests are of many kinds.
  for (const kind of ["200", "400", "401", "403", "404", "by the router", "directly"])
    expect(seen[kind] ?? 0, JSON.stringify(seen)).toBeGreaterThan(1);
});

test("a short answer has its length and is not compressed, a long one is", async ({ root }) => {
  const session = await sessionOf(root);
  const headers = { ...(await bearerOf(session, { allPermissions: true })), "Accept-Encoding": "gzip, deflate, br" };
  const short = await send({ method: "GET", path: "/api/v1/roles", headers });
  expect(isByRouter(short)).toBe(false);
  expect(Number(headerOf(short, "content-length"))).toBe(short.text.length);
  expect(short.headers.map((name) => name.toLowerCase())).not.toContain("content-encoding");
  const long = await send({ method: "GET", path: "/api/v1/openapi.json", headers });
  expect(isByRouter(long)).toBe(false);
  expect(headerOf(long, "content-encoding")).toBe("gzip");
  expect(JSON.parse(long.text)).toHaveProperty("paths");
});

test("tokens are created by both ways alike", async ({ root }) => {
  const headers = { ...(await sessionOf(root)), "Content-Type": "application/json" };
  const expiresAt = later(now(), 86_400_000).toISOString();
  const create = (name: string, more: Record<string, string>, isSplit = false) => {
    const body = JSON.stringify({ name, expiresAt, permissions: ["jobs:access"] });
    const length = { "Content-Length": String(body.length) };
    return send({ method: "POST", path: "/api/v1/tokens", headers: { ...headers, ...length, ...more }, body, isSplit });
  };
  const [direct, routed] = [await create("by 1", {}), await create("by 2", byRouter)];
  const split = await create("by 3", {}, true);
  expect([direct, routed, split].map(isByRouter)).toEqual([false, true, false]);
  const masked = (answer: Answer) =>
    comparable(answer)
      .replace(/"by \d"/g, '"by"')
      .replace(/[\da-f]{8}-[\da-f-]{27}/g, "id")
      .replace(/"(value|hint|createdAt)":"[^"]*"/g, '"$1":"…"');
  expect(masked(direct)).toBe(masked(routed));
  expect(masked(split)).toBe(masked(routed));
  expect(direct.status).toBe(201);
});
