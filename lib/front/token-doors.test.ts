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
let id: string;
let original: { description: string; enabled: boolean; inUrl: boolean; expiresAt: Date; allPermissions: boolean };
const values: Record<string, string> = { unknown: makeValue("api").reveal(), junk: "junk" };

beforeAll(async () => {
  const now = new Date();
  await introduceCast(now);
  const ada = await actorOf("ada", now);
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
  await db.token.update({ where: { id }, data: { ...original, name: "target" } });
  await db.grant.deleteMany({ where: { tokenId: id } });
  await db.grant.create({ data: { tokenId: id, resource: "jobs", action: "access" } });
  return comparable(answer);
}

const often = <T>(usual: fc.Arbitrary<T>, ...rare: fc.Arbitrary<T>[]) =>
  fc.oneof({ weight: 3 * rare.length, arbitrary: usual }, ...rare);

const credential = fc
  .constantFrom(
    ...Array(5).fill("good"),
    ...["manager", "narrow", "disabled", "session", "unknown", "junk", "none", "both"],
  )
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
  .map((settings) => ({ name: "changed", expiresAt, ...settings }));

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

const query = often(fc.constant(""), fc.constantFrom("?", "?a=1", "?a=%00", "?a=1&a=1"));

const contentType = often(
  fc.constant<string[]>(["Content-Type: application/json"]),
  fc.constantFrom<string[]>(
    [],
    ["Content-Type: text/plain"],
    ["Content-Type: application/json; charset=latin1"],
    ["Content-Type: application/problem+json"],
  ),
);

const target = fc.constantFrom("id", "id", "id", "01980000-0000-7000-8000-000000000000");

const statuses: Record<string, string[]> = { GET: ["200", "401", "404"], PATCH: ["200", "400", "401"] };

test.each(["GET", "PATCH"])("the direct way and the usual way answer with the same bytes: %s", async (method) => {
  const seen: Record<string, number> = {};
  const samples = fc.record({ credential, json, query, contentType, target, isSplit: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(samples, async (sample) => {
      const hasBody = method === "PATCH";
      const asked: Sample = {
        line: `${method} /api/v1/tokens/${sample.target === "id" ? id : sample.target}${sample.query} HTTP/1.1`,
        headers: [...sample.credential, ...(hasBody ? sample.contentType : [])],
        body: hasBody ? sample.json : null,
        isSplit: hasBody && sample.isSplit,
      };
      const direct = await answerTo(asked, []);
      expect(direct).toBe(await answerTo(asked, [usually]));
      const status = direct.slice(9, 12);
      seen[status] = (seen[status] ?? 0) + 1;
    }),
    { numRuns: 80 },
  );
  // The requests are of many kinds.
  for (const status of statuses[method] ?? []) expect(seen[status] ?? 0, JSON.stringify(seen)).toBeGreaterThan(1);
});

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
  expect(await count(`GET /api/v1/tokens/${id} HTTP/1.1`, null)).toBe(2);
  expect(await count(`PATCH /api/v1/tokens/${id} HTTP/1.1`, '{"enabled":true}')).toBe(3);
});
