import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bodyLimitOf } from "@/lib/http/request-body";
import { closeQueue, installQueue } from "@/lib/jobs/queue";
import type { Actor } from "@/lib/permissions/actor";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";
import { badBodies } from "./bad-bodies";
import { fingerprint } from "./fingerprint";
import { findOperation, operations, sendTo } from "./operations";
import { type SampleRequest, validRequest } from "./sample-requests";

let root: Actor;
let authorization: string;

beforeAll(async () => {
  process.env.TESSERA_FILE_MB = "1";
  await introduceCast(new Date());
  await installQueue();
  root = await actorOf("root", new Date());
  const { value } = await makeToken(root, { allPermissions: true });
  authorization = `Bearer ${value}`;
});
afterAll(closeQueue);

const all = [...operations.keys()];
const isJson = (operation: string) => (findOperation(operation).operation.bodyKind ?? "json") === "json";
const withJson = all.filter((operation) => findOperation(operation).operation.body && isJson(operation));
const withBody = all.filter(
  (operation) => findOperation(operation).operation.body ?? findOperation(operation).operation.bodyKind,
);
const withQuery = all.filter((operation) => findOperation(operation).operation.query);
const withPath = all.filter((operation) => findOperation(operation).operation.params);

/** Sends the request as Root, who has all permissions, so that only a bad request is refused. */
async function send(operation: string, request: SampleRequest, query = "") {
  const response = await sendTo(operation, { ...request, headers: { ...request.headers, authorization } }, query);
  const text = await response.text();
  const isProblem = response.headers.get("content-type") === "application/problem+json";
  return { status: response.status, problem: isProblem ? JSON.parse(text) : null };
}

/** Checks that `act` changes nothing in the database. */
async function expectNoChange(act: () => Promise<void>): Promise<void> {
  const before = await fingerprint();
  await act();
  expect(await fingerprint()).toEqual(before);
}

describe.each(withJson)("%s", (operation) => {
  test("names the wrong field and changes nothing", async () => {
    const { body: schema } = findOperation(operation).operation;
    if (!schema) throw new Error(`${operation} has no body.`);
    const good = await validRequest(operation, root);
    const bodies = badBodies(schema, good.body as Record<string, unknown>);
    expect(bodies.length).toBeGreaterThan(5);
    await expectNoChange(async () => {
      for (const { what, field, body } of bodies) {
        const { status, problem } = await send(operation, { ...good, body });
        expect(status, what).toBe(400);
        expect(`${problem.field}.`.startsWith(`${field}.`), `${what}: ${JSON.stringify(problem)}`).toBe(true);
        expect(problem.detail, what).toMatch(/^.{5,300}[.!?]$/su);
      }
    });
  });

  test("refuses malformed bodies", async () => {
    const good = await validRequest(operation, root);
    const json = { "content-type": "application/json" };
    const whole = JSON.stringify(good.body);
    const mayBeEmpty = findOperation(operation).operation.anyBody;
    const wrong: [number, string | Uint8Array, Record<string, string>][] = [
      ...(mayBeEmpty ? [] : [[400, "", json] satisfies [number, string, object]]),
      [400, "{", json],
      [400, "nonsense", json],
      [400, "null", json],
      [400, "[]", json],
      [400, '"text"', json],
      [400, "1e999", json],
      [400, `${whole.slice(0, -1)},"__proto__":{"enabled":true}}`, json],
      [400, Buffer.from(`{"\xff":1}`, "latin1"), json],
      [400, "[".repeat(200_000), json],
      [400, "[".repeat(200_000) + "]".repeat(200_000), json],
      [413, `${" ".repeat(1_000_001)}${whole}`, json],
      [415, whole, { "content-type": "text/plain" }],
      [415, whole, { "content-type": "application/json; charset=utf-16" }],
      [415, whole, { ...json, "content-encoding": "gzip" }],
    ];
    await expectNoChange(async () => {
      for (const [status, body, headers] of wrong) {
        const answer = await send(operation, { ...good, body, headers: { ...good.headers, ...headers } });
        expect(answer.status, String(body).slice(0, 60)).toBe(status);
        expect(answer.problem.detail).toMatch(/\.$/);
      }
    });
  });

  test("never answers 5xx, with anything in its fields", async () => {
    const { body: schema } = findOperation(operation).operation;
    const names = Object.keys((schema as { shape?: object } | undefined)?.shape ?? {});
    const good = await validRequest(operation, root);
    const anything = fc.record(Object.fromEntries(names.map((name) => [name, fc.jsonValue()])), { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(anything, async (body) => {
        const { status, problem } = await send(operation, { ...good, body: { ...(good.body as object), ...body } });
        expect(status, JSON.stringify({ body, problem })).toBeLessThan(500);
      }),
      { numRuns: 40 },
    );
  });
});

test.each(withBody)("%s refuses a body over its limit", async (operation) => {
  const good = await validRequest(operation, root);
  const { bodyKind = "json" } = findOperation(operation).operation;
  const bodyLimit = bodyLimitOf(findOperation(operation).operation);
  const headers = {
    ...good.headers,
    ...(bodyKind === "json" && { "content-type": "application/json" }),
    ...(bodyKind === "stream" && { "content-length": String(bodyLimit + 1) }),
  };
  await expectNoChange(async () => {
    const { status, problem } = await send(operation, { ...good, headers, body: new Uint8Array(bodyLimit + 1) });
    expect([status, problem.limit]).toEqual([413, bodyLimit]);
  });
});

test("a workspace file that is not text is refused", async () => {
  const operation = "PUT /api/v1/workspaces/[repository]/[name]";
  const good = await validRequest(operation, root);
  await expectNoChange(async () => {
    for (const body of ["", "a\0b", Buffer.from([0xff, 0xfe]), "/*---\ntitle: [\n---*/", "SELECT 1"]) {
      const { status, problem } = await send(operation, { ...good, body });
      expect([status, problem.title], String(body)).toEqual([400, "Invalid request"]);
    }
    const { status } = await send(operation, { ...good, headers: { "content-type": "image/png" } });
    expect(status).toBe(415);
  });
});

test.each(all)("%s refuses an unknown parameter", async (operation) => {
  const { status, problem } = await send(operation, await validRequest(operation, root), "?colour=red");
  expect([status, problem.field]).toEqual([400, "colour"]);
});

test.each(withQuery)("%s names the wrong parameter", async (operation) => {
  const { query } = findOperation(operation).operation;
  const good = await validRequest(operation, root);
  for (const name of Object.keys(query?.shape ?? {})) {
    for (const wrong of ["%00", "x".repeat(5_000), "%ED%A0%80".repeat(3_000)]) {
      const { status, problem } = await send(operation, good, `?${name}=${wrong}`);
      expect([status, problem?.field], `${name}=${wrong.slice(0, 20)}`).toEqual([400, name]);
    }
    const { problem } = await send(operation, good, `?${name}=1&${name}=1`);
    expect(problem.field).toBe(name);
  }
  if (!query || !("limit" in query.shape)) return;
  for (const limit of ["0", "-1", "101", "1.5", "", "ten", "1e3", "NaN", "Infinity", "9".repeat(40)]) {
    expect((await send(operation, good, `?limit=${limit}`)).problem?.field, limit).toBe("limit");
  }
  for (const cursor of ["x", "bnVsbA", "W10", Buffer.from('["x",1]').toString("base64url"), "~~~"]) {
    expect((await send(operation, good, `?cursor=${cursor}`)).problem?.field, cursor).toBe("cursor");
  }
});

const unusualNames = [
  "\0",
  "..",
  ".",
  " ",
  "'; DROP TABLE tokens; --",
  "%",
  "%2F",
  "a/b",
  "👩‍🚀",
  "\ufffd",
  "-1",
  "x".repeat(10_000),
];

test.each(withPath)("%s answers unusual names in its path with 400 or 404", async (operation) => {
  const good = await validRequest(operation, root);
  await expectNoChange(async () => {
    for (const name of Object.keys(good.params ?? {})) {
      for (const value of unusualNames) {
        const { status } = await send(operation, { ...good, params: { ...good.params, [name]: value } });
        expect([400, 404], `${name} = ${value.slice(0, 30)}: ${status}`).toContain(status);
      }
    }
  });
});

test.each(withPath.filter((operation) => operation.includes("/jobs/")))(
  "%s answers malformed job numbers with 404",
  async (operation) => {
    for (const id of ["0", "01", "1e3", "+1", "1.0", "2147483648", "9".repeat(30), "١"]) {
      expect((await send(operation, { params: { id } })).status, id).toBe(404);
    }
  },
);
