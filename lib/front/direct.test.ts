import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { ClientSecretBasic, ClientSecretPost, Configuration, customFetch, tokenIntrospection } from "openid-client";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { days, later } from "@/lib/clock";
import { db, pool } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { editToken } from "@/lib/tokens/commands";
import { flushUsage } from "@/lib/verification/usage";
import { actorOf, introduceCast } from "@/testing/cast";
import { comparable, headOf, sendRaw } from "@/testing/raw-client";
import { makeToken } from "@/testing/tokens";
import { createHttpServer, type HttpServer } from "./http-server";

const rules = join(await mkdtemp(join(tmpdir(), "tessera-rules-")), "authorize.yaml");
await writeFile(rules, "- { path: /jobs/**, permission: jobs:access }");
process.env.TESSERA_AUTHORIZE_RULES = rules;
process.env.TESSERA_TRUSTED_PROXIES = "127.0.0.1";

/** Only pages send a router state, which leads to the usual way. */
const usually = "Next-Router-State-Tree: %5B%22%22%2C%7B%7D%5D";
const host = "Host: localhost:3000";
const form = "Content-Type: application/x-www-form-urlencoded";
const permission = "workspace/Samples/seattle-weather-by-month:run";

let door: HttpServer;
let port: number;
let ada: Actor;
let value: string;

beforeAll(async () => {
  await introduceCast(new Date());
  ada = await actorOf("root", new Date());
  value = (await makeToken(ada, { permissions: [permission, "jobs:access"] })).value;
  door = createHttpServer(async (_, response) => void response.writeHead(404).end());
  door.server.listen(0, "127.0.0.1");
  await once(door.server, "listening");
  ({ port } = door.server.address() as AddressInfo);
});
afterAll(() => door.stop());

const statusOf = (answer: string) => Number(answer.slice(9, 12));
const bodyOf = (answer: string) => JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4));
const lengthOf = (body: string) => `Content-Length: ${Buffer.byteLength(body)}`;

/** Runs `ask` and returns how many objects of the web were made to answer. */
async function countWebObjects(ask: () => Promise<unknown>): Promise<number> {
  let made = 0;
  const counted = <T extends new (...parts: never[]) => object>(original: T): T =>
    new Proxy(original, {
      construct(target, parts, self) {
        made++;
        return Reflect.construct(target, parts, self);
      },
    });
  vi.stubGlobal("Request", counted(Request));
  vi.stubGlobal("Response", counted(Response));
  try {
    await ask();
  } finally {
    vi.unstubAllGlobals();
  }
  return made;
}

describe("no object of the web is made for", () => {
  const encoded = encodeURIComponent(permission);
  const get = (path: string, ...headers: string[]) => [headOf(`GET ${path} HTTP/1.1`, [host, ...headers])];
  const bearer = () => `Authorization: Bearer ${value}`;
  const post = (body: string, ...headers: string[]) => [
    headOf("POST /api/v1/introspect HTTP/1.1", [host, ...headers, lengthOf(body)]) + body,
  ];

  test.each<[string, () => string[]]>([
    [
      "curl",
      () => get(`/api/v1/authorize?permission=${permission}`, "User-Agent: curl/8.14.1", "Accept: */*", bearer()),
    ],
    [
      "axios",
      () =>
        get(
          `/api/v1/authorize?permission=${encoded.replaceAll("%3A", ":")}`,
          ...["Accept: application/json, text/plain, */*", bearer(), "User-Agent: axios/1.12.2"],
          ...["Accept-Encoding: gzip, compress, deflate, br", "Connection: keep-alive"],
        ),
    ],
    [
      "python-requests",
      () =>
        get(
          `/api/v1/authorize?permission=${encoded}`,
          ...["User-Agent: python-requests/2.32.5", "Accept-Encoding: gzip, deflate", "Accept: */*", bearer()],
        ),
    ],
    [
      "fetch",
      () =>
        get(
          `/api/v1/authorize?permission=${encoded}`,
          ...["connection: keep-alive", `authorization: bearer ${value}`, "accept: */*", "accept-language: *"],
          ...["sec-fetch-mode: cors", "user-agent: node", "accept-encoding: gzip, deflate"],
        ),
    ],
    ["an FME client", () => get(`/api/v1/authorize?permission=${encoded}`, `Authorization: fmetoken token=${value}`)],
    [
      "auth_request of nginx",
      () => [
        headOf("GET /api/v1/authorize HTTP/1.0", [
          ...["X-Original-URI: /jobs/7?page=2", "X-Original-Method: GET", "X-Forwarded-For: 192.0.2.7", host],
          ...["Connection: close", bearer(), "Accept: */*", "User-Agent: Mozilla/5.0"],
        ]),
      ],
    ],
    [
      "forward_auth of Traefik and Caddy",
      () =>
        get(
          "/api/v1/authorize",
          ...["X-Forwarded-For: 192.0.2.7", "X-Forwarded-Host: jobs.example.org", "X-Forwarded-Method: GET"],
          ...["X-Forwarded-Proto: https", "X-Forwarded-Uri: /jobs/7", bearer(), "User-Agent: Mozilla/5.0"],
        ),
    ],
    ["GET /api/v1/token", () => get("/api/v1/token", bearer(), "Accept: application/json")],
    ["introspection with the caller's own Bearer token", () => post(`token=${value}`, form, bearer())],
    [
      "introspection by python-requests, which sends the body in a packet of its own",
      () => {
        const body = `token_type_hint=access_token&token=${value}`;
        const headers = [host, "User-Agent: python-requests/2.32.5", form, bearer(), lengthOf(body)];
        return [headOf("POST /api/v1/introspect HTTP/1.1", headers), body];
      },
    ],
    [
      "introspection with client_secret_basic",
      () => post(`token=${value}`, form, `Authorization: Basic ${Buffer.from(`any:${value}`).toString("base64")}`),
    ],
    ["introspection with client_secret_post", () => post(`client_id=any&client_secret=${value}&token=${value}`, form)],
  ])("%s", async (_, request) => {
    const parts = request();
    const answers: string[] = [];
    expect(await countWebObjects(async () => void answers.push(await sendRaw(port, parts, 5)))).toBe(0);
    expect(answers.map(statusOf)).toEqual([200]);
    const [head = "", body] = parts;
    const other = await sendRaw(port, [head.replace("\r\n", `\r\n${usually}\r\n`), ...(body ? [body] : [])], 5);
    expect(comparable(answers[0] ?? "")).toBe(comparable(other));
  });

  test.each([
    ["basic", ClientSecretBasic],
    ["post", ClientSecretPost],
  ])("introspection by openid-client with client_secret_%s", async (_, authentication) => {
    const server = { issuer: "http://localhost", introspection_endpoint: `http://127.0.0.1:${port}/api/v1/introspect` };
    const client = new Configuration(server, "any client", {}, authentication(value));
    const { allowInsecureRequests } = await import("openid-client");
    allowInsecureRequests(client);
    const { fetch } = globalThis;
    client[customFetch] = (url, init) => fetch(url, init as RequestInit);
    let answered: unknown;
    const made = await countWebObjects(async () => {
      answered = await tokenIntrospection(client, value);
    });
    expect(answered).toMatchObject({ active: true, username: "root" });
    expect(made).toBe(0);
  });

  test("but for what the usual way answers", async () => {
    const request = headOf("GET /api/v1/token HTTP/1.1", [host, usually, bearer()]);
    expect(await countWebObjects(() => sendRaw(port, [request]))).toBeGreaterThan(0);
  });
});

describe("one statement is enough, when the tokens are in memory, for", () => {
  test.each([
    ["authorize", "GET /api/v1/authorize?permission=jobs:access", ""],
    ["token", "GET /api/v1/token", ""],
    ["introspect", "POST /api/v1/introspect", "token"],
  ])("%s", async (_, line, hasForm) => {
    const { value: other } = await makeToken(ada, { permissions: ["jobs:access"] });
    const body = hasForm === "" ? "" : `token=${other}`;
    const headers = [host, `Authorization: Bearer ${value}`, ...(body === "" ? [] : [form, lengthOf(body)])];
    const ask = () => sendRaw(port, [headOf(`${line} HTTP/1.1`, headers) + body]);
    await ask();
    const queries = vi.spyOn(pool(), "query");
    expect(statusOf(await ask())).toBe(200);
    expect(queries).toHaveBeenCalledTimes(1);
  });
});

describe("on both ways", () => {
  test("the same use of the token is noted, whatever the client says of itself", async () => {
    const optional = (...lines: string[]) => fc.option(fc.constantFrom(...lines), { nil: null });
    const address = fc.oneof(
      fc.ipV4(),
      fc.ipV6().map((text) => text.toUpperCase()),
      fc.constantFrom("::ffff:192.0.2.7", "", "x"),
    );
    const agent = optional("", "curl/8.14.1", "x".repeat(401), "\u00E9");
    await fc.assert(
      fc.asyncProperty(fc.option(address, { nil: null }), agent, async (from, by) => {
        const lines = [
          ...(from === null ? [] : [`X-Forwarded-For: ${from}`]),
          ...(by === null ? [] : [`User-Agent: ${by}`]),
        ];
        const noted = await Promise.all(
          [[], [usually]].map(async (way) => {
            const { token, value: own } = await makeToken(ada);
            await sendRaw(port, [
              headOf("GET /api/v1/token HTTP/1.1", [host, `Authorization: Bearer ${own}`, ...lines, ...way]),
            ]);
            return token.id;
          }),
        );
        await flushUsage();
        const [direct, usual] = await Promise.all(
          noted.map((id) =>
            db.token.findUniqueOrThrow({ where: { id }, select: { lastUsedAddress: true, lastUsedAgent: true } }),
          ),
        );
        expect(direct).toEqual(usual);
      }),
      { numRuns: 25 },
    );
  });

  test.each([[[]], [[usually]]])("a token in memory is described as it is now: %o", async (way) => {
    const { token, value: own } = await makeToken(ada, { permissions: ["jobs:access"] });
    const body = `token=${own}`;
    const read = async () =>
      bodyOf(
        await sendRaw(port, [headOf("GET /api/v1/token HTTP/1.1", [host, `Authorization: Bearer ${own}`, ...way])]),
      );
    const introspect = async () => {
      const headers = [host, `Authorization: Bearer ${value}`, form, lengthOf(body), ...way];
      return bodyOf(await sendRaw(port, [headOf("POST /api/v1/introspect HTTP/1.1", headers) + body]));
    };
    await Promise.all([read(), introspect()]);
    const expiresAt = later(new Date(token.expiresAt), days(3));
    await editToken(ada, token.id, { expiresAt, description: "Nightly", inUrl: true });
    await flushUsage();
    expect(await read()).toMatchObject({ expiresAt: expiresAt.toISOString(), description: "Nightly", inUrl: true });
    expect((await read()).lastUsed).toMatchObject({ address: "127.0.0.1", agent: null });
    expect((await introspect()).exp).toBe(Math.floor(expiresAt.getTime() / 1000));
    await editToken(ada, token.id, { permissions: [] });
    expect(await read()).toMatchObject({ permissions: [], effectivePermissions: [] });
    expect((await introspect()).scope).toBe("");
  });

  test.each([[[]], [[usually]]])("a token that a refused caller presents was not used: %o", async (way) => {
    const { token, value: own } = await makeToken(ada);
    // Both are looked up together, so the presented one is judged by the time of the answer.
    const { value: disabled } = await makeToken(ada, { enabled: false });
    const ask = (caller: string) => {
      const headers = [host, `Authorization: Bearer ${caller}`, form, lengthOf(`token=${own}`), ...way];
      return sendRaw(port, [`${headOf("POST /api/v1/introspect HTTP/1.1", headers)}token=${own}`]);
    };
    const isUsed = async () => {
      await flushUsage();
      return (await db.token.findUniqueOrThrow({ where: { id: token.id } })).lastUsedAt !== null;
    };
    expect(statusOf(await ask(disabled))).toBe(401);
    expect(await isUsed()).toBe(false);
    expect(statusOf(await ask(value))).toBe(200);
    expect(await isUsed()).toBe(true);
  });
});

describe("an introspection", () => {
  const headOfLength = (length: number) =>
    headOf("POST /api/v1/introspect HTTP/1.1", [
      host,
      `Authorization: Bearer ${value}`,
      form,
      `Content-Length: ${length}`,
    ]);

  test("whose body is slow to arrive is answered by the usual way", async () => {
    const body = `token=${value}`;
    const parts = [headOfLength(body.length) + body.slice(0, 9), body.slice(9)];
    const answers: string[] = [];
    expect(await countWebObjects(async () => void answers.push(await sendRaw(port, parts, 1_300)))).toBeGreaterThan(0);
    expect(bodyOf(answers[0] ?? "")).toMatchObject({ active: true });
  });

  test("leaves its connection to the requests behind it", async () => {
    const body = `token=${value}`;
    const live = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    const socket = connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    let received = "";
    socket.setEncoding("latin1").on("data", (text: string) => {
      received += text;
    });
    socket.write(`${headOfLength(body.length)}${body}${headOfLength(1)}x${live}`);
    await expect.poll(() => received, { timeout: 20_000 }).toContain('{"status":"live"}');
    expect([...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(["200", "400", "200"]);
  });

  test("that breaks off disturbs no other", async () => {
    const socket = connect(port, "127.0.0.1");
    socket.write(`${headOfLength(60)}token=`);
    await once(socket, "connect");
    socket.destroy();
    const body = `token=${value}`;
    expect(statusOf(await sendRaw(port, [headOfLength(body.length) + body]))).toBe(200);
  });
});
