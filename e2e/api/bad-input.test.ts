import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeQueue, installQueue } from "@/lib/jobs/queue";
import type { Actor } from "@/lib/permissions/actor";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";
import { ask, named, operations } from "./asking";
import { badBodies } from "./bad-bodies";
import { fingerprint } from "./fingerprint";
import { type SampleRequest, validRequest } from "./sample-requests";

let root: Actor;
let authorization: string;

beforeAll(async () => {
  await introduceCast(new Date());
  await installQueue();
  root = await actorOf("root", new Date());
  const { value } = await makeToken(root, { allPermissions: true });
  authorization = `Bearer ${value}`;
});
afterAll(closeQueue);

const all = [...operations.keys()];
const isJson = (operation: string) => (named(operation).operation.bodyKind ?? "json") === "json";
const withJson = all.filter((operation) => named(operation).operation.body && isJson(operation));
const withBody = all.filter((operation) => named(operation).operation.body ?? named(operation).operation.bodyKind);
const withQuery = all.filter((operation) => named(operation).operation.query);
const withPath = all.filter((operation) => named(operation).operation.params);

/** Asks as Root, who may do everything: what is refused is refused for what it is. */
async function refusal(operation: string, question: SampleRequest, query = "") {
  const response = await ask(operation, { ...question, headers: { ...question.headers, authorization } }, query);
  const text = await response.text();
  const isProblem = response.headers.get("content-type") === "application/problem+json";
  return { status: response.status, problem: isProblem ? JSON.parse(text) : null };
}

/** Nothing that `ask` does may leave a trace. */
async function changingNothing(ask: () => Promise<void>): Promise<void> {
  const before = await fingerprint();
  await ask();
  expect(await fingerprint()).toEqual(before);
}

describe.each(withJson)("%s", (operation) => {
  test("names the one field that is wrong, and changes nothing", async () => {
    const { body: schema } = named(operation).operation;
    if (!schema) throw new Error("It has a body.");
    const good = await validRequest(operation, root);
    const bodies = badBodies(schema, good.body as Record<string, unknown>);
    expect(bodies.length).toBeGreaterThan(5);
    await changingNothing(async () => {
      for (const { what, field, body } of bodies) {
        const { status, problem } = await refusal(operation, { ...good, body });
        expect(status, what).toBe(400);
        expect(`${problem.field}.`.startsWith(`${field}.`), `${what}: ${JSON.stringify(problem)}`).toBe(true);
        expect(problem.detail, what).toMatch(/^.{5,300}[.!?]$/su);
      }
    });
  });

  test("refuses what is no body of it", async () => {
    const good = await validRequest(operation, root);
    const json = { "content-type": "application/json" };
    const whole = JSON.stringify(good.body);
    const wrong: [number, string | Uint8Array, Record<string, string>][] = [
      [400, "", json],
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
    await changingNothing(async () => {
      for (const [status, body, headers] of wrong) {
        const answer = await refusal(operation, { ...good, body, headers: { ...good.headers, ...headers } });
        expect(answer.status, String(body).slice(0, 60)).toBe(status);
        expect(answer.problem.detail).toMatch(/\.$/);
      }
    });
  });

  test("never fails, whatever is thrown at its fields", async () => {
    const { body: schema } = named(operation).operation;
    const names = Object.keys((schema as { shape?: object } | undefined)?.shape ?? {});
    const good = await validRequest(operation, root);
    const anything = fc.record(Object.fromEntries(names.map((name) => [name, fc.jsonValue()])), { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(anything, async (body) => {
        const { status, problem } = await refusal(operation, { ...good, body: { ...(good.body as object), ...body } });
        expect(status, JSON.stringify({ body, problem })).toBeLessThan(500);
      }),
      { numRuns: 40 },
    );
  });
});

test.each(withBody)("%s refuses more than it takes", async (operation) => {
  const good = await validRequest(operation, root);
  const { bodyLimit = 1_000_000, bodyKind = "json" } = named(operation).operation;
  const headers = { ...good.headers, ...(bodyKind === "json" && { "content-type": "application/json" }) };
  await changingNothing(async () => {
    const { status, problem } = await refusal(operation, { ...good, headers, body: new Uint8Array(bodyLimit + 1) });
    expect([status, problem.limit]).toEqual([413, bodyLimit]);
  });
});

test("a workspace file that is not text is refused", async () => {
  const operation = "PUT /api/v1/workspaces/[repository]/[name]";
  const good = await validRequest(operation, root);
  await changingNothing(async () => {
    for (const body of ["", "a\0b", Buffer.from([0xff, 0xfe]), "/*---\ntitle: [\n---*/", "SELECT 1"]) {
      const { status, problem } = await refusal(operation, { ...good, body });
      expect([status, problem.title], String(body)).toEqual([400, "The request is not valid"]);
    }
    const { status } = await refusal(operation, { ...good, headers: { "content-type": "image/png" } });
    expect(status).toBe(415);
  });
});

test.each(all)("%s refuses a parameter that it does not know", async (operation) => {
  const { status, problem } = await refusal(operation, await validRequest(operation, root), "?colour=red");
  expect([status, problem.field]).toEqual([400, "colour"]);
});

test.each(withQuery)("%s names the parameter that is wrong", async (operation) => {
  const { query } = named(operation).operation;
  const good = await validRequest(operation, root);
  for (const name of Object.keys(query?.shape ?? {})) {
    for (const wrong of ["%00", "x".repeat(5_000), "%ED%A0%80".repeat(3_000)]) {
      const { status, problem } = await refusal(operation, good, `?${name}=${wrong}`);
      expect([status, problem?.field], `${name}=${wrong.slice(0, 20)}`).toEqual([400, name]);
    }
    const { problem } = await refusal(operation, good, `?${name}=1&${name}=1`);
    expect(problem.field).toBe(name);
  }
  if (!query || !("limit" in query.shape)) return;
  for (const limit of ["0", "-1", "101", "1.5", "", "ten", "1e3", "NaN", "Infinity", "9".repeat(40)]) {
    expect((await refusal(operation, good, `?limit=${limit}`)).problem?.field, limit).toBe("limit");
  }
  for (const cursor of ["x", "bnVsbA", "W10", Buffer.from('["x",1]').toString("base64url"), "~~~"]) {
    expect((await refusal(operation, good, `?cursor=${cursor}`)).problem?.field, cursor).toBe("cursor");
  }
});

const oddNames = [
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

test.each(withPath)("%s takes odd names in its path for what they are: nothing here", async (operation) => {
  const good = await validRequest(operation, root);
  await changingNothing(async () => {
    for (const name of Object.keys(good.params ?? {})) {
      for (const odd of oddNames) {
        const { status } = await refusal(operation, { ...good, params: { ...good.params, [name]: odd } });
        expect([400, 404], `${name} = ${odd.slice(0, 30)}: ${status}`).toContain(status);
      }
    }
  });
});

test.each(withPath.filter((operation) => operation.includes("/jobs/")))(
  "%s has no job of such a number",
  async (operation) => {
    for (const id of ["0", "01", "1e3", "+1", "1.0", "2147483648", "9".repeat(30), "١"]) {
      expect((await refusal(operation, { params: { id } })).status, id).toBe(404);
    }
  },
);
