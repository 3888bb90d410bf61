import { once } from "node:events";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { days, later } from "@/lib/clock";
import { db } from "@/lib/db";
import { makeValue } from "@/lib/tokens/value";
import { actorOf, introduceCast, signIn } from "@/testing/cast";
import { statementsOf } from "@/testing/count-statements";
import { comparable, headOf, sendRaw } from "@/testing/raw-client";
import { makeToken } from "@/testing/tokens";
import { createHttpServer, type HttpServer } from "./http-server";

/** Only pages send a router state, which leads to the usual way. */
const usually = "Next-Router-State-Tree: %5B%22%22%2C%7B%7D%5D";
const expiresAt = later(new Date(), days(7)).toISOString();

let door: HttpServer;
let port: number;
let ownerId: string;
let id: string;
let original: { description: string; enabled: boolean; inUrl: boolean; expiresAt: Date; allPermissions: boolean };
const values: Record<string, string> = { unknown: makeValue("api").reveal(), junk: "junk" };

beforeAll(async () => {
  const now = new Date();
  await introduceCast(now);
  const ada = await actorOf("ada", now);
  ownerId = ada.userId;
  for (let each = 0; each < 7; each++) await makeToken(ada, { name: `one of many ${each}` });
  const target = await makeToken(ada, { name: "target", permissions: ["jobs:access"], enabled: false });
  ({ id } = target.token);
  original = await db.token.findUniqueOrThrow({
    where: { id },
    select: { description: true, enabled: true, inUrl: true, expiresAt: true, allPermissions: true },
  });
  Object.assign(values, {
    good: (await makeToken(ada, { name: "good", allPermissions: true })).value,
    manager: (await makeToken(ada, { name: "manager", permissions: ["tokens:manage"] })).value,
    narrow: (await makeToken(ada, { name: "narrow", permissions: ["jobs:access"] })).value,
    disabled: (await makeToken(ada, { name: "disabled", enabled: false })).value,
    session: (await signIn("ada", now)).value.reveal(),
  });
  door = createHttpServer(async (_, response) => void response.writeHead(404).end());
  door.server.listen(0, "127.0.0.1");
  await once(door.server, "listening");
  ({ port } = door.server.address() as AddressInfo);
});
afterAll(() => door.stop());

interface Sample {
  line: string;
  headers: string[];
  body: string | null;
  isSplit: boolean;
}

async function answerTo({ line, headers, body, isSplit }: Sample, way: string[]): Promise<string> {
  const length = body === null ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const head = headOf(line, ["Host: localhost:3000", ...headers, ...length, ...way]);
  const parts = [Buffer.from(head, "latin1"), Buffer.from(body ?? "")];
  const answer = await sendRaw(port, isSplit ? parts : [Buffer.concat(parts)], 2);
  await db.token.deleteMany({ where: { ownerId, name: "created", id: { not: id } } });
  await db.token.update({ where: { id }, data: { ...original, name: "target" } });
  await db.grant.deleteMany({ where: { tokenId: id } });
  await db.grant.create({ data: { tokenId: id, resource: "jobs", action: "access" } });
  return comparable(answer)
    .replaceAll(/01[0-9a-f]{6}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (uuid) => (uuid === id ? uuid : "…"))
    .replaceAll(/tsa_[0-9A-Za-z]{46}|tsa_…[0-9A-Za-z]{4}/g, "…")
    .replaceAll(/"(?:createdAt|at)":"[^"]*"/g, "…");
}

const often = <T>(usual: fc.Arbitrary<T>, ...rare: fc.Arbitrary<T>[]) =>
  fc.oneof({ weight: 3 * rare.length, arbitrary: usual }, ...rare);

const credential = fc
  .constantFrom("good", "good", "good", "manager", ...Object.keys(values), "none", "both")
  .map((name) => {
    if (name === "none") return [];
    if (name === "session") return [`Cookie: tessera-session=${values.session}`, "Sec-Fetch-Site: same-origin"];
    const more = name === "both" ? [`Cookie: tessera-session=${values.session}`] : [];
    return [`Authorization: Bearer ${values[name === "both" ? "good" : name]}`, ...more];
  });

const valid = fc
  .record({
    description: fc.constantFrom("", "K\u00F6ln"),
    enabled: fc.boolean(),
    permissions: fc.subarray(["jobs:access", "tokens:manage"]),
    inUrl: fc.boolean(),
  })
  .map((settings) => ({ name: "created", expiresAt, ...settings }));

const wrong = fc.constantFrom(
  ...[{ name: "good" }, { name: "a/b" }, { name: 7 }, { expiresAt: "2001-01-01T00:00:00Z" }, { expiresAt: "soon" }],
  ...[{ enabled: "yes" }, { permissions: ["no:such"] }, { permissions: ["repository/Nowhere:run"] }, { other: 1 }],
  ...[{ allPermissions: true }, { permissions: undefined }, { description: null }],
);

const json = often(
  valid.map((settings) => JSON.stringify(settings)),
  fc.tuple(valid, wrong).map((parts) => JSON.stringify(Object.assign({}, ...parts))),
  fc.constantFrom("{}", "[]", "", "{", "null", '{"enabled":true}', `{"description":"${"x".repeat(9_000)}"}`),
);

const query = often(
  fc.constant(""),
  fc.constantFrom(
    "?kind=api",
    "?kind=api&sort=name&limit=3",
    "?kind=session&state=active",
    "?q=%6Fne+of",
    "?limit=101",
    "?a=1",
    "?sort=-x",
    "?kind=api&kind=api",
    "?cursor=x",
    "?q=%00",
  ),
);

const contentType = often(
  fc.constant(["Content-Type: application/json"]),
  fc.constantFrom<string[]>(
    [],
    ["Content-Type: text/plain"],
    ["Content-Type: application/json; charset=latin1"],
    ["Content-Type: application/problem+json"],
  ),
);

const key = often(
  fc.constant<string[]>([]),
  fc.constantFrom(["Idempotency-Key: with space "], ["Idempotency-Key: \u00FC"]),
);

const target = fc.constantFrom("id", "id", "id", "01980000-0000-7000-8000-000000000000");

const requests = {
  list: (line: string) => ({ line: `GET /api/v1/tokens${line} HTTP/1.1`, hasBody: false }),
  read: (line: string, of: string) => ({ line: `GET /api/v1/tokens/${of}${line} HTTP/1.1`, hasBody: false }),
  create: (line: string) => ({ line: `POST /api/v1/tokens${line} HTTP/1.1`, hasBody: true }),
  change: (line: string, of: string) => ({ line: `PATCH /api/v1/tokens/${of}${line} HTTP/1.1`, hasBody: true }),
};

test.each(Object.keys(requests) as (keyof typeof requests)[])(
  "the direct way and the usual way answer with the same bytes: %s",
  { timeout: 120_000 },
  async (operation) => {
    const statuses: Record<string, number> = {};
    const samples = fc.record({ credential, json, query, contentType, key, target, isSplit: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(samples, async (sample) => {
        const of = sample.target === "id" ? id : sample.target;
        const { line, hasBody } = requests[operation](
          operation === "list" ? sample.query : sample.query.slice(0, 4) === "?a=1" ? "?a=1" : "",
          of,
        );
        const asked: Sample = {
          line,
          headers: [...sample.credential, ...(hasBody ? [...sample.contentType, ...sample.key] : [])],
          body: hasBody ? sample.json : null,
          isSplit: hasBody && sample.isSplit,
        };
        const direct = await answerTo(asked, []);
        expect(direct).toBe(await answerTo(asked, [usually]));
        const status = direct.slice(9, 12);
        statuses[status] = (statuses[status] ?? 0) + 1;
      }),
      { numRuns: 60 },
    );
    const kinds = {
      list: ["200", "400", "401"],
      read: ["200", "401", "404"],
      create: ["201", "400", "401"],
      change: ["200", "400", "401"],
    };
    for (const status of kinds[operation]) expect(statuses[status] ?? 0, JSON.stringify(statuses)).toBeGreaterThan(1);
  },
);

test("a token is removed by both ways alike", async () => {
  const ada = await actorOf("ada", new Date());
  for (const way of [[], [usually]]) {
    const { token } = await makeToken(ada, { name: "removed" });
    const asked = {
      line: `DELETE /api/v1/tokens/${token.id} HTTP/1.1`,
      headers: [`Authorization: Bearer ${values.good}`],
      body: null,
      isSplit: false,
    };
    const [first, second] = [await answerTo(asked, way), await answerTo(asked, way)];
    expect([first.slice(9, 12), second.slice(9, 12)]).toEqual(["204", "404"]);
    expect(first).not.toMatch(/content-length/i);
  }
});

test("each request is one confirmation and at most two statements of the command", async () => {
  const headers = [`Authorization: Bearer ${values.good}`, "Content-Type: application/json"];
  const count = async (line: string, body: string | null) => {
    await answerTo({ line, headers, body, isSplit: false }, []);
    const asked = async () => {
      const length = body === null ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
      const head = headOf(line, ["Host: localhost:3000", ...headers, ...length]);
      expect(await sendRaw(port, [head + (body ?? "")])).toMatch(/^HTTP\/1.1 2/);
    };
    return (await statementsOf(asked)).filter((text) => !/last_used_at = due/.test(text)).length;
  };
  expect(await count("GET /api/v1/tokens?kind=api HTTP/1.1", null)).toBe(2);
  expect(
    await count(
      "POST /api/v1/tokens HTTP/1.1",
      JSON.stringify({ name: "created", expiresAt, permissions: ["jobs:access"] }),
    ),
  ).toBe(2);
  expect(await count(`PATCH /api/v1/tokens/${id} HTTP/1.1`, '{"enabled":true}')).toBe(3);
});
