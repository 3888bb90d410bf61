import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { days, later } from "@/lib/clock";
import { closeDatabase, db, pool } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { editToken } from "@/lib/tokens/commands";
import { makeValue } from "@/lib/tokens/value";
import { actorOf, introduceCast, signIn } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";
import { createHttpServer, type HttpServer } from "./http-server";
import { authorize } from "./verification-routes";

const gauge = "workspace/Rivers/gauge-levels:run";
const question = `/api/v1/authorize?permission=${gauge}`;
const form = { "content-type": "application/x-www-form-urlencoded" };

const rules = join(await mkdtemp(join(tmpdir(), "tessera-rules-")), "authorize.yaml");
await writeFile(rules, `- { path: /gauges/**, permission: ${gauge} }`);
process.env.TESSERA_AUTHORIZE_RULES = rules;

let door: HttpServer;
let origin: string;
let ada: Actor;
let olu: Actor;
let value: string;
let id: string;
const reachedNext: string[] = [];

beforeAll(async () => {
  await introduceCast(new Date());
  [ada, olu] = await Promise.all([actorOf("ada", new Date()), actorOf("olu", new Date())]);
  const made = await makeToken(olu, { permissions: [gauge, "jobs:access"] });
  [value, id] = [made.value, made.token.id];
  door = createHttpServer(async (request, response) => {
    reachedNext.push(request.url ?? "");
    response.end();
  });
  door.server.listen(0, "127.0.0.1");
  await once(door.server, "listening");
  origin = `http://127.0.0.1:${(door.server.address() as AddressInfo).port}`;
});
afterAll(() => door.stop());

const ask = (path: string, headers: Record<string, string> = {}, more: RequestInit = {}) =>
  fetch(origin + path, { headers, ...more });
const hex = (byte: number) => byte.toString(16).padStart(2, "0");
/** Percent-encodes every byte, also of half surrogate pairs, which become U+FFFD. */
const percentEncoded = (text: string) => [...Buffer.from(text)].map((byte) => `%${hex(byte)}`).join("");
const bearer = (presented: string) => ({ authorization: `Bearer ${presented}` });

describe("the question whether a token may", () => {
  test("is answered yes, with who it is, from the look-up and from memory alike", async () => {
    for (const _ of [1, 2]) {
      const response = await ask(question, bearer(value));
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        "x-tessera-user": "olu",
        "x-tessera-token-id": id,
        "x-tessera-permissions": `jobs:access ${gauge}`,
        "cache-control": "no-store",
        "content-length": "0",
      });
    }
  });

  test("gets the same answer on the short way as through the door", async () => {
    const { value: disabled } = await makeToken(olu, { permissions: [gauge], enabled: false });
    for (const [path, presented] of [
      [question, value],
      ["/api/v1/authorize?permission=repositories:create", value],
      ["/api/v1/authorize?permission=no:such", value],
      [question, disabled],
      [question, makeValue("api").reveal()],
      [question, "junk"],
    ] as const) {
      const short = await ask(path, bearer(presented));
      const request = new Request(origin + path, { headers: bearer(presented) });
      const long = await authorize(request, { params: Promise.resolve({}) });
      expect(short.status, path).toBe(long.status);
      for (const name of ["www-authenticate", "content-type", "x-tessera-permissions", "x-tessera-user"]) {
        expect(short.headers.get(name), name).toBe(long.headers.get(name));
      }
      expect(await short.text()).toBe(await long.text());
    }
  });

  test.each([
    [{ "x-original-uri": "/gauges/7", "x-original-method": "GET" }, 200],
    [{ "x-forwarded-uri": "/gauges/7" }, 200],
    [{ "x-original-uri": "/elsewhere" }, 403],
    [{ "x-original-uri": "/gauges/7", "x-forwarded-uri": "/elsewhere" }, 403],
    [{ "x-original-uri": `/gauges/${"7".repeat(8_000)}` }, 400],
    [{}, 400],
  ] as const)("may come as the request that a proxy holds: %o is %d on both ways", async (held, status) => {
    const headers = { ...bearer(value), ...held } as Record<string, string>;
    const short = await ask("/api/v1/authorize", headers);
    const request = new Request(`${origin}/api/v1/authorize`, { headers });
    const long = await authorize(request, { params: Promise.resolve({}) });
    expect([short.status, long.status]).toEqual([status, status]);
    expect(await short.text()).toBe(await long.text());
  });

  test("may not come both as a permission and as a request that a proxy holds, on either way", async () => {
    for (const held of ["x-original-uri", "x-original-method", "x-forwarded-uri", "x-forwarded-method"]) {
      const headers = { ...bearer(value), [held]: "/gauges/7" };
      const short = await ask(question, headers);
      const long = await authorize(new Request(origin + question, { headers }), { params: Promise.resolve({}) });
      expect([short.status, long.status]).toEqual([400, 400]);
      expect((await short.json()).detail).toMatch(/names a permission and also forwards/);
    }
  });

  test("is refused in the moment after the token was narrowed, and answered again after it was widened", async () => {
    const { token, value: own } = await makeToken(olu, { permissions: [gauge] });
    expect((await ask(question, bearer(own))).status).toBe(200);
    await editToken(olu, token.id, { permissions: ["jobs:access"] });
    expect((await ask(question, bearer(own))).status).toBe(403);
    await editToken(olu, token.id, { permissions: [gauge] });
    expect((await ask(question, bearer(own))).status).toBe(200);
  });

  test("accepts a browser's session as a cookie alone, and fmetoken, and is 401 without credentials", async () => {
    const session = await signIn("olu", new Date());
    const cookie = { cookie: `tessera-session=${session.value.reveal()}` };
    expect((await ask(question, cookie)).headers.get("x-tessera-user")).toBe("olu");
    expect((await ask(question, bearer(session.value.reveal()))).status).toBe(401);
    expect((await ask(question, { authorization: `fmetoken token=${value}` })).status).toBe(200);
    const anonymous = await ask(question);
    expect([anonymous.status, anonymous.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="Tessera"']);
  });

  test("takes no token from the URL, and nothing twice", async () => {
    expect((await ask(`${question}&token=${value}`)).status).toBe(401);
    expect((await ask(`${question}&permission=jobs:access`, bearer(value))).status).toBe(400);
    expect((await ask("/api/v1/authorize", bearer(value))).status).toBe(400);
  });

  test("is 503 for every caller while the database is away, also for a token in memory", async () => {
    expect((await ask(question, bearer(value))).status).toBe(200);
    await closeDatabase();
    pool.replace(new Pool({ host: "127.0.0.1", port: 1, connectionTimeoutMillis: 500 }));
    const response = await ask(question, bearer(value));
    pool.clear();
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "2"]);
    expect((await ask(question, bearer(value))).status).toBe(200);
  });
});

describe("introspection (RFC 7662)", () => {
  const introspect = (token: string, headers = bearer(value)) =>
    ask("/api/v1/introspect", { ...form, ...headers }, { method: "POST", body: new URLSearchParams({ token }) });

  test("says what a good token is and may do", async () => {
    const expiresAt = later(new Date(), days(3));
    const { token, value: other } = await makeToken(ada, {
      permissions: ["tokens:manage"],
      expiresAt: expiresAt.toISOString(),
    });
    expect(await (await introspect(other)).json()).toEqual({
      active: true,
      scope: "tokens:manage",
      username: "ada",
      sub: ada.userId,
      jti: token.id,
      token_type: "Bearer",
      exp: Math.floor(expiresAt.getTime() / 1000),
    });
  });

  test("says nothing of one that is not good but that", async () => {
    const { value: disabled } = await makeToken(ada, { enabled: false });
    const session = (await signIn("ada", new Date())).value.reveal();
    for (const token of [disabled, makeValue("api").reveal(), session, "junk", ""]) {
      const response = await introspect(token);
      expect([response.status, await response.text()]).toEqual([200, '{"active":false}']);
    }
  });

  test("answers that any other text is not active, whatever its length and its bytes", async () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary", maxLength: 2_000 }).map(percentEncoded),
      fc.uint8Array({ maxLength: 500 }).map((bytes) => [...bytes].map((byte) => `%${hex(byte)}`).join("")),
      fc.base64String({ minLength: 600, maxLength: 8_000 }).map((text) => encodeURIComponent(`eyJ${text}.${text}.x`)),
    );
    await fc.assert(
      fc.asyncProperty(anything, anything, async (token, hint) => {
        for (const [path, told] of [
          ["/api/v1/introspect", '{"active":false}'],
          ["/api/v1/revoke", "{}"],
        ] as const) {
          const body = `token=${token}&token_type_hint=${hint}`;
          const response = await ask(path, { ...form, ...bearer(value) }, { method: "POST", body });
          expect([response.status, await response.text()]).toEqual([200, told]);
        }
      }),
      {
        numRuns: 60,
        examples: [
          ["%00", "%00"],
          ["%ED%A0%80", ""],
          ["x".repeat(900_000), "y".repeat(50_000)],
          ["%zz", "%"],
        ],
      },
    );
    const raw = { method: "POST", body: Buffer.from("token=\xff\xfe\0", "latin1") };
    expect((await ask("/api/v1/introspect", { ...form, ...bearer(value) }, raw)).status).toBe(200);
  });

  test("takes a token as the secret of a client, with any client id", async () => {
    const { value: own } = await makeToken(ada, {});
    const body = (more = {}) => new URLSearchParams({ token: value, ...more });
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
    const send = async (headers: Record<string, string>, sent: URLSearchParams) => {
      const response = await ask("/api/v1/introspect", { ...form, ...headers }, { method: "POST", body: sent });
      return [response.status, (await response.json()).active];
    };
    for (const id of ["gateway", "", "a%3Ab", "%zz"])
      expect(await send(basic(`${id}:${own}`), body())).toEqual([200, true]);
    expect(await send({}, body({ client_id: "gateway", client_secret: own }))).toEqual([200, true]);

    const session = (await signIn("ada", new Date())).value.reveal();
    const { value: disabled } = await makeToken(ada, { enabled: false });
    for (const wrong of ["", "junk", "\0", own.slice(1), session, disabled]) {
      expect(await send(basic(`gateway:${wrong}`), body()), wrong).toEqual([401, undefined]);
      expect(await send({}, body({ client_secret: wrong })), wrong).toEqual([401, undefined]);
    }
    expect(await send({}, body())).toEqual([401, undefined]);
    const refused = await ask("/api/v1/introspect", { ...form, ...basic("a:b") }, { method: "POST", body: body() });
    expect(refused.headers.get("www-authenticate")).toBe('Basic realm="Tessera"');
  });

  test("asks who wants to know, and what about", async () => {
    expect((await introspect(value, { authorization: "Bearer junk" })).status).toBe(401);
    const empty = await ask("/api/v1/introspect", { ...form, ...bearer(value) }, { method: "POST", body: "x=1" });
    expect([empty.status, (await empty.json()).field]).toEqual([400, "token"]);
  });
});

describe("revocation (RFC 7009)", () => {
  const revoke = (token: string) =>
    ask("/api/v1/revoke", form, {
      method: "POST",
      body: new URLSearchParams({ token, token_type_hint: "access_token" }),
    });

  test("removes a token at once, for any client with its value", async () => {
    const { token, value: own } = await makeToken(olu, { permissions: [gauge] });
    expect((await ask(question, bearer(own))).status).toBe(200);
    expect((await revoke(own)).status).toBe(200);
    expect((await ask(question, bearer(own))).status).toBe(401);
    expect(await db.token.findUnique({ where: { id: token.id } })).toBeNull();
  });

  test("removes a disabled token too, so that it cannot come back", async () => {
    const { token, value: leaked } = await makeToken(olu, { permissions: [gauge], enabled: false });
    expect((await revoke(leaked)).status).toBe(200);
    expect(await db.token.findUnique({ where: { id: token.id } })).toBeNull();
  });

  test("is done already when there is nothing to revoke", async () => {
    for (const token of [makeValue("api").reveal(), "junk"]) expect((await revoke(token)).status).toBe(200);
  });
});

describe("besides", () => {
  test("the presented token is read and removed without Next.js", async () => {
    const { value: own } = await makeToken(olu, { name: "short-lived" });
    expect(await (await ask("/api/v1/token", bearer(own))).json()).toMatchObject({
      name: "short-lived",
      current: true,
    });
    expect((await ask("/api/v1/token", bearer(own), { method: "DELETE" })).status).toBe(204);
    expect((await ask("/api/v1/token", bearer(own))).status).toBe(401);
    expect(reachedNext).toEqual([]);
  });

  test("one token is read, changed and removed without Next.js", async () => {
    const { token, value: own } = await makeToken(ada, { permissions: ["tokens:manage"] });
    const path = `/api/v1/tokens/${token.id}`;
    const handedOn = reachedNext.length;
    expect(await (await ask(path, bearer(own))).json()).toMatchObject({ id: token.id, enabled: true });
    const body = JSON.stringify({ description: "Nightly" });
    const changed = await ask(path, { ...bearer(own), "content-type": "application/json" }, { method: "PATCH", body });
    expect(await changed.json()).toMatchObject({ id: token.id, description: "Nightly" });
    const others = await ask(`/api/v1/tokens/${id}`, bearer(own), { method: "DELETE" });
    expect(others.status).toBe(404);
    expect((await ask(path, bearer(own), { method: "PUT" })).headers.get("allow")).toContain("PATCH");
    expect((await ask(path, bearer(own), { method: "DELETE" })).status).toBe(204);
    expect((await ask(path, bearer(own))).status).toBe(401);
    expect(reachedNext).toHaveLength(handedOn);
  });

  test("a page of another site cannot change a token with the session of its visitor", async () => {
    const { value: session } = await signIn("ada", new Date());
    const { token } = await makeToken(ada);
    const path = `/api/v1/tokens/${token.id}`;
    const cookie = `tessera-session=${session.reveal()}`;
    const foreign = { cookie, origin: "https://elsewhere.example" };
    const body = JSON.stringify({ enabled: false });
    const patched = await ask(path, { ...foreign, "content-type": "application/json" }, { method: "PATCH", body });
    const removed = await ask(path, foreign, { method: "DELETE" });
    expect([patched.status, removed.status]).toEqual([403, 403]);
    const isEnabled = async () => (await db.token.findUniqueOrThrow({ where: { id: token.id } })).enabled;
    expect(await isEnabled()).toBe(true);
    const own = { cookie, "sec-fetch-site": "same-origin", "content-type": "application/json" };
    expect((await ask(path, own, { method: "PATCH", body })).status).toBe(200);
    expect(await isEnabled()).toBe(false);
  });

  test.each<[string, string, string, number]>([
    ["a PATCH without credentials", "PATCH", `/api/v1/tokens/${crypto.randomUUID()}`, 401],
    ["an introspection without credentials", "POST", "/api/v1/introspect", 401],
    ["a DELETE, which has no body,", "DELETE", `/api/v1/tokens/${crypto.randomUUID()}`, 401],
  ])("%s with an unread body leaves the connection to the next request", async (_, method, path, status) => {
    const socket = connect((door.server.address() as AddressInfo).port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    let received = "";
    socket.setEncoding("latin1").on("data", (text: string) => {
      received += text;
    });
    const size = 300_000;
    socket.write(`${method} ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${size}\r\n\r\n${"x".repeat(size)}`);
    socket.write("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(() => received, { timeout: 20_000 }).toContain('{"status":"live"}');
    expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  test("a method that is not possible is 405, and HEAD is GET without its body", async () => {
    const put = await ask("/api/v1/authorize", {}, { method: "PUT" });
    expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
    const head = await ask("/api/v1/token", bearer(value), { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  test("every other request is passed on to Next.js", async () => {
    await ask("/api/v1/jobs", bearer(value));
    await ask("/api/v1/authorize/more", bearer(value));
    expect(reachedNext.splice(0)).toEqual(["/api/v1/jobs", "/api/v1/authorize/more"]);
  });

  test("the metadata (RFC 8414) names where to ask", async () => {
    expect(await (await ask("/.well-known/oauth-authorization-server")).json()).toMatchObject({
      issuer: "http://localhost:3000",
      introspection_endpoint: "http://localhost:3000/api/v1/introspect",
      revocation_endpoint: "http://localhost:3000/api/v1/revoke",
    });
  });

  test("metrics are for programs on this machine and for actors who may monitor", async () => {
    const local = await (await ask("/metrics")).text();
    expect(local).toMatch(/^tessera_verify_hits_total \d+$/m);
    expect(local).toMatch(/^tessera_request_seconds_count\{path="\/api\/v1\/authorize",status="200"\} \d+$/m);
    expect(local).toMatch(/^tessera_verify_confirmation_size_bucket\{le="\+Inf"\} [1-9]\d*$/m);
    expect(local).toMatch(/^tessera_jobs\{status="queued"\} 0$/m);
    const proxied = { "x-forwarded-for": "192.0.2.1" };
    expect((await ask("/metrics", proxied)).status).toBe(401);
    expect((await ask("/metrics", { ...proxied, ...bearer(value) })).status).toBe(403);
    const { value: root } = await makeToken(await actorOf("root", new Date()), { allPermissions: true });
    expect((await ask("/metrics", { ...proxied, ...bearer(root) })).status).toBe(200);
  });
});
