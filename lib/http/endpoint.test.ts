import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { conflict } from "../errors";
import { accepted, created, noContent } from "./answer";
import { endpoint, type Route } from "./endpoint";
import type { Operation } from "./operation";

const greeting = z.object({
  name: z.string().min(1).max(10),
  times: z.number().int().min(1).max(3).default(1),
  until: z.iso.datetime().optional(),
  how: z.strictObject({ loud: z.boolean() }).optional(),
  to: z.record(z.string(), z.string()).optional(),
});

const open = { summary: "Try", open: true, answers: { 200: z.unknown() } } as const satisfies Operation;
const echo = endpoint({ ...open, body: greeting }, ({ body }) => body);

const here = "http://localhost:3000/api/v1/trial";
const post = (body: BodyInit, headers: HeadersInit = { "content-type": "application/json" }) =>
  new Request(here, { method: "POST", body, headers, duplex: "half" } as RequestInit);

async function ask(route: Route, request: Request, params: unknown = {}) {
  const response = await route(request, { params: Promise.resolve(params) });
  const text = await response.text();
  return { response, status: response.status, headers: response.headers, text, json: text ? JSON.parse(text) : null };
}

const refusalOf = async (body: string) => {
  const { status, json } = await ask(echo, post(body));
  return { status, field: json.field, detail: json.detail };
};

describe("an answer", () => {
  test("of a plain value is 200 JSON that no cache keeps, under the request's id", async () => {
    const { status, headers, json } = await ask(echo, post('{"name":"Ada"}'));
    expect(status).toBe(200);
    expect(json).toEqual({ name: "Ada", times: 1 });
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-request-id")).toMatch(/^[\w-]{36}$/);
  });

  test("takes the request id that the server gave", async () => {
    const route = endpoint(open, () => ({}));
    const { headers } = await ask(route, new Request(here, { headers: { "x-request-id": "abc" } }));
    expect(headers.get("x-request-id")).toBe("abc");
  });

  test.each([
    [created({ id: 1 }, "/api/v1/things/1"), 201, { id: 1 }, "/api/v1/things/1"],
    [accepted({ id: 2 }, "/api/v1/jobs/2"), 202, { id: 2 }, "/api/v1/jobs/2"],
    [noContent(), 204, null, null],
    [new Response('{"own":true}', { status: 203, headers: { Location: "/x" } }), 203, { own: true }, "/x"],
  ])("has the status and the location it was given (%#)", async (given, status, value, location) => {
    const answer = await ask(
      endpoint(open, () => given),
      new Request(here),
    );
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual(value);
    expect(answer.headers.get("location")).toBe(location);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  test("to HEAD is that to GET without its body", async () => {
    const { status, text, headers } = await ask(
      endpoint(open, () => ({ a: 1 })),
      new Request(here, { method: "HEAD" }),
    );
    expect([status, text, headers.get("content-type")]).toEqual([200, "", "application/json"]);
  });
});

describe("a refusal", () => {
  test("becomes a problem document", async () => {
    const route = endpoint(open, () => {
      throw conflict("There is one of that name.", "name");
    });
    const { status, headers, json } = await ask(route, new Request(here));
    expect(status).toBe(409);
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(json).toEqual({
      type: "/docs/api#problem-conflict",
      title: "Conflict",
      status: 409,
      detail: "There is one of that name.",
      field: "name",
    });
  });

  test("is not what a bug says: 500 without a word of it", async () => {
    const route = endpoint(open, () => {
      throw new Error("relation tokens does not exist");
    });
    const { status, json, headers, text } = await ask(route, new Request(here));
    expect(status).toBe(500);
    expect(text).not.toContain("relation");
    expect(json.requestId).toBe(headers.get("x-request-id"));
  });

  test("without a database is 503 and says when to try again", async () => {
    const route = endpoint(open, () => {
      throw Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:5432"), { code: "ECONNREFUSED" });
    });
    const { status, headers, text } = await ask(route, new Request(here));
    expect([status, headers.get("retry-after")]).toEqual([503, "2"]);
    expect(text).not.toContain("5432");
  });
});

describe("a body", () => {
  test.each([
    ['{"name":1}', "name", "name must be text."],
    ["{}", "name", "name is missing."],
    ['{"name":""}', "name", "name must have at least 1 character."],
    ['{"name":"12345678901"}', "name", "name must have at most 10 characters."],
    ['{"name":"Ada","times":1.5}', "times", "times must be a whole number."],
    ['{"name":"Ada","times":9}', "times", "times must be at most 3."],
    ['{"name":"Ada","until":"tomorrow"}', "until", "until must be a date and time like 2026-01-31T12:00:00Z."],
    ['{"name":"Ada","extra":1}', "extra", "extra is not a known field."],
    ['{"name":"Ada","how":{}}', "how.loud", "how.loud is missing."],
    ['{"name":"Ada","how":{"loud":true,"x":1}}', "how.x", "how.x is not a known field."],
    ['{"name":"a\\u0000b"}', "name", "name contains a character that is not allowed in text."],
    ['{"name":"\\ud800"}', "name", "name contains a character that is not allowed in text."],
    ['{"name":"Ada","to":{"\\u0000":"x"}}', "to", "to has a field name with a character that is not allowed in text."],
    ['{"name":"Ada","__proto__":{"times":2}}', "__proto__", "__proto__ is not an allowed field name."],
    ['{"name":"Ada","to":{"__proto__":"x"}}', "to.__proto__", "to.__proto__ is not an allowed field name."],
    [`{"name":${"[".repeat(40)}${"]".repeat(40)}}`, "name", "name is nested deeper than 32 levels."],
    ["[]", undefined, "The body must be an object."],
    ["null", undefined, "The body must be an object."],
    ["{", undefined, "The body is not valid JSON."],
    ["", undefined, "The body is not valid JSON."],
  ])("%s is refused in words", async (body, field, detail) => {
    expect(await refusalOf(body)).toEqual({ status: 400, field, detail });
  });

  test("a hundred thousand levels deep does no harm", async () => {
    expect((await refusalOf("[".repeat(100_000) + "]".repeat(100_000))).status).toBe(400);
  });

  test("takes the last of a field that is there twice", async () => {
    expect((await ask(echo, post('{"name":"Ada","name":"Olu"}'))).json.name).toBe("Olu");
  });

  test("that is not UTF-8 is refused", async () => {
    const { status, json } = await ask(echo, post(Buffer.from('{"name":"\xff"}', "latin1")));
    expect([status, json.detail]).toEqual([400, "The body is not UTF-8."]);
  });

  test.each([
    ["text/plain"],
    ["application/x-www-form-urlencoded"],
    ["multipart/form-data; boundary=x"],
    ["application/json; charset=iso-8859-1"],
    [""],
  ])("as %s is not what is wanted", async (type) => {
    const { status, headers } = await ask(echo, post('{"name":"Ada"}', { "content-type": type }));
    expect([status, headers.get("content-type")]).toEqual([415, "application/problem+json"]);
  });

  test.each([["application/json;charset=UTF-8"], ["Application/JSON"], ["application/merge-patch+json"]])(
    "as %s is",
    async (type) => {
      expect((await ask(echo, post('{"name":"Ada"}', { "content-type": type }))).status).toBe(200);
    },
  );

  test("that is compressed is refused", async () => {
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    expect((await ask(echo, post("x", headers))).status).toBe(415);
  });

  test("larger than 1 MB is refused by what it says of itself, before it is read", async () => {
    let pulled = 0;
    const stream = new ReadableStream({ pull: (controller) => void controller.enqueue(new Uint8Array(++pulled)) });
    const headers = { "content-type": "application/json", "content-length": "1000001" };
    expect((await ask(echo, post(stream, headers))).status).toBe(413);
    expect(pulled).toBeLessThan(3);
  });

  test.each([[{}], [{ "content-length": "5" }]])("without an end is aborted", async (extra) => {
    let sent = 0;
    const stream = new ReadableStream({
      pull: (controller) => {
        sent += 100_000;
        controller.enqueue(new Uint8Array(100_000).fill(32));
      },
    });
    const { status, json } = await ask(echo, post(stream, { "content-type": "application/json", ...extra }));
    expect([status, json.limit]).toEqual([413, 1_000_000]);
    expect(sent).toBeLessThan(18_000_000);
  });

  test("that breaks off is the caller's fault, not an outage of the database", async () => {
    const reset = Object.assign(new Error("aborted"), { code: "ECONNRESET" });
    const stream = new ReadableStream({ start: (controller) => controller.error(reset) });
    const { status, json } = await ask(echo, post(stream));
    expect([status, json.detail]).toEqual([400, "The body is incomplete."]);
  });

  describe("that trickles", () => {
    /** Each part takes 59 s, by the clock that this sets. */
    function trickle(...parts: string[]) {
      let at = performance.now();
      let sent = 0;
      vi.spyOn(performance, "now").mockImplementation(() => at);
      const stream = new ReadableStream({
        pull: (controller) => {
          at += 59_000;
          const part = parts[sent++];
          if (part === undefined) controller.close();
          else controller.enqueue(new TextEncoder().encode(part));
        },
      });
      return { stream, sentCount: () => sent };
    }

    test.each([
      [3, 200],
      [20, 400],
    ])("in %i parts of a minute is answered %i", async (count, expected) => {
      const { stream, sentCount } = trickle(...Array(count - 1).fill(" "), '{"name":"Ada"}');
      const { status, headers } = await ask(echo, post(stream));
      expect([status, headers.get("connection")]).toEqual([expected, expected === 400 ? "close" : null]);
      expect(sentCount()).toBeLessThan(10);
    });

    test("after it was refused ends the connection", async () => {
      const route = endpoint({ ...open, bodyKind: "stream" }, () => {
        throw conflict("No.");
      });
      const { stream, sentCount } = trickle(...Array(20).fill("x"));
      const { status, headers } = await ask(route, post(stream, { "content-type": "text/csv" }));
      expect([status, headers.get("connection")]).toEqual([409, "close"]);
      expect(sentCount()).toBeLessThan(10);
    });
  });

  test("has the limit its operation sets", async () => {
    const route = endpoint({ ...open, bodyKind: "bytes", bodyLimit: 3 }, ({ body }) => ({ size: body.byteLength }));
    expect((await ask(route, post("abc", { "content-type": "text/csv" }))).json).toEqual({ size: 3 });
    expect((await ask(route, post("abcd", { "content-type": "text/csv" }))).status).toBe(413);
  });

  test("of text comes as it is, without NUL", async () => {
    const route = endpoint({ ...open, bodyKind: "text" }, ({ body }) => ({ text: body }));
    expect((await ask(route, post("Grüße", { "content-type": "text/plain" }))).json).toEqual({ text: "Grüße" });
    expect((await ask(route, post("a\0b", { "content-type": "text/plain" }))).status).toBe(400);
    expect((await ask(route, post("{}"))).status).toBe(415);
  });

  test("may carry any label that its registry defines for UTF-8 or for no encoding", async () => {
    const labels = [
      ...["application/json;charset=utf8", "application/json; charset=US-ASCII", 'Application/JSON; Charset="UTF-8"'],
      ...["application/json; charset=csUTF8", "application/json; version=1; charset=utf-8", "application/json;"],
      ...['application/json; charset="\\u\\t\\f-8"', "application/problem+json; charset=ANSI_X3.4-1968"],
    ];
    for (const type of labels)
      expect((await ask(echo, post('{"name":"Ada"}', { "content-type": type }))).status, type).toBe(200);
    for (const type of [
      "application/json; charset=utf-16",
      "application/json; charset=latin1",
      "json",
      "",
      ";",
      "a/b/c",
    ]) {
      expect((await ask(echo, post('{"name":"Ada"}', { "content-type": type }))).status, type).toBe(415);
    }
    const encoded = (encoding: string) =>
      post('{"name":"Ada"}', { "content-type": "application/json", "content-encoding": encoding });
    for (const encoding of ["Identity", "identity", " IDENTITY , identity", "", ","]) {
      expect((await ask(echo, encoded(encoding))).status, encoding).toBe(200);
    }
    for (const encoding of ["gzip", "identity, gzip", "x-identity", "identity gzip", "br,"]) {
      expect((await ask(echo, encoded(encoding))).status, encoding).toBe(415);
    }
  });

  test("of a form is read by field, each only once", async () => {
    const route = endpoint({ ...open, bodyKind: "form", body: z.object({ a: z.string() }) }, ({ body }) => body);
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect((await ask(route, post("a=1%202", form))).json).toEqual({ a: "1 2" });
    expect((await ask(route, post("a=1&a=2", form))).json.field).toBe("a");
    expect((await ask(route, post("a=1&__proto__=2", form))).json.field).toBe("__proto__");
  });
});

describe("a path, a query and headers", () => {
  const route = endpoint(
    {
      ...open,
      params: z.object({ id: z.uuid() }),
      query: z.object({ limit: z.coerce.number().int().max(5).default(2) }),
      headers: z.object({ "idempotency-key": z.string().max(3).optional() }),
      allowUrlToken: true,
    },
    ({ params, query, headers }) => ({ ...params, ...query, ...headers }),
  );
  const id = "0198f0d4-4a9c-7cc1-8d67-b8f7c7a6c0de";
  const get = (query: string, params: unknown = { id }, headers: HeadersInit = {}) =>
    ask(route, new Request(here + query, { headers }), params);

  test("come parsed", async () => {
    expect((await get("?limit=3")).json).toEqual({ id, limit: 3 });
    expect((await get("", { id }, { "Idempotency-Key": "k" })).json).toEqual({ id, limit: 2, "idempotency-key": "k" });
  });

  test.each([
    ["?limit=6", "limit", "limit must be at most 5."],
    ["?limit=two", "limit", "limit must be a number."],
    ["?limit=1&limit=2", "limit", "The parameter limit can be given only once."],
    ["?colour=red", "colour", "colour is not a known parameter."],
    ["?__proto__=1", "__proto__", "__proto__ is not a known parameter."],
    ["?limit=%00", "limit", "The parameter limit contains a character that is not allowed in text."],
  ])("%s is refused in words", async (query, field, detail) => {
    const { status, json } = await get(query);
    expect({ status, field: json.field, detail: json.detail }).toEqual({ status: 400, field, detail });
  });

  test("a token in the URL is not a parameter of the operation, where it is allowed", async () => {
    expect((await get("?token=x&limit=1")).json).toEqual({ id, limit: 1 });
    expect(
      (
        await ask(
          endpoint(open, () => 1),
          new Request(`${here}?token=secret`),
        )
      ).json.detail,
    ).toBe("token is not a known parameter.");
  });

  test("a header that does not fit is named", async () => {
    expect((await get("", { id }, { "Idempotency-Key": "long" })).json.field).toBe("idempotency-key");
  });

  test.each([{ id: "1" }, { id: "\0" }, {}, { id: [id] }])(
    "an id that cannot be one is as unknown as any other (%o)",
    async (params) => {
      const { status, json } = await get("", params);
      expect([status, json.detail]).toEqual([404, "Not found, or you don't have access."]);
    },
  );
});
