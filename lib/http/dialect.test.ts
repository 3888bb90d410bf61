import { describe, expect, test } from "vitest";
import { z } from "zod";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";
import { now } from "../clock";
import { conflict, notFound } from "../errors";
import type { Dialect } from "./dialect";
import { endpoint, type Route } from "./endpoint";
import { nothingHereIn, otherMethods } from "./methods";

const here = "http://localhost:3000/api/v2/trial";
const greeting = z.object({
  name: z.string(),
  times: z.number().default(1),
  how: z.strictObject({ loud: z.boolean() }).optional(),
});

const post = (body: string, type = "application/json", search = "") =>
  new Request(here + search, { method: "POST", body, headers: { "content-type": type } });

describe("a second dialect", () => {
  const statuses: Partial<Record<string, number>> = {
    invalid: 422,
    conflict: 409,
    unauthenticated: 401,
    internal: 500,
  };
  const plain: Dialect = {
    unknownFields: "ignored",
    refuse: ({ code, detail, headers }) => ({
      status: statuses[code] ?? (code === "method-not-allowed" ? 405 : 404),
      headers: { ...headers, "Content-Type": "application/json" },
      body: { message: code === "unauthenticated" ? `Authentication failed. ${detail}` : detail },
    }),
  };
  const operation = {
    summary: "Try",
    open: true,
    answers: { 200: z.unknown() },
    dialect: plain,
    params: z.object({ id: z.uuid().optional() }),
  } as const;
  const heard = async (route: Route, request = new Request(here), params = {}) => {
    const response = await route(request, { params: Promise.resolve(params) });
    expect(response.headers.get("content-type")).toBe("application/json");
    return [response.status, await response.json()];
  };

  test("says in its own shape what the door refuses", async () => {
    const route = endpoint({ ...operation, body: greeting }, ({ body }) => body);
    expect(await heard(route, post('{"name":1}'))).toEqual([422, { message: "name must be text." }]);
    expect(await heard(route, post("{"))).toEqual([422, { message: "The body is not valid JSON." }]);
    const unseen = { message: "Not found, or you don't have access." };
    expect(await heard(route, post('{"name":"Ada"}'), { id: "1" })).toEqual([404, unseen]);
    const closed = endpoint({ ...operation, open: false }, () => 1);
    const message = "Authentication failed. Send a token as Authorization: Bearer <value>, or sign in.";
    expect(await heard(closed)).toEqual([401, { message }]);
  });

  test("says in its own shape what the handler refuses, and what is a fault of the server", async () => {
    const taken = endpoint(operation, () => {
      throw conflict("There is one of that name.");
    });
    expect(await heard(taken)).toEqual([409, { message: "There is one of that name." }]);
    const broken = endpoint(operation, () => {
      throw new Error("relation tokens does not exist");
    });
    expect(await heard(broken)).toEqual([
      500,
      { message: expect.stringMatching(/^Something went wrong on the server/) },
    ]);
  });

  test("says in its own shape that a method or a path does not exist", async () => {
    const { PUT } = otherMethods({ GET: endpoint(operation, () => 1) });
    const refused = await PUT(new Request(here, { method: "PUT" }));
    expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
    expect(await refused.json()).toEqual({ message: "PUT is not allowed here. Use GET, HEAD, OPTIONS." });
    const missing = await nothingHereIn(plain)(new Request(here));
    expect([missing.status, await missing.json()]).toEqual([404, { message: "Not found, or you don't have access." }]);
  });

  test("ignores fields and parameters that it does not know, and still checks those that it knows", async () => {
    const query = z.object({ limit: z.coerce.number().optional() });
    const route = endpoint({ ...operation, body: greeting, query }, ({ body, query }) => ({ ...body, ...query }));
    const named = (search: string, body: string) => post(body, "application/json", search);
    expect(await heard(route, named("?limit=2&detail=high&detail=low", '{"name":"Ada","x":1}'))).toEqual([
      200,
      { name: "Ada", times: 1, limit: 2 },
    ]);
    expect((await heard(route, named("?limit=2&limit=3", '{"name":"Ada"}')))[0]).toBe(422);
    expect((await heard(route, named("", '{"name":"Ada","how":{"loud":true,"x":1}}')))[0]).toBe(422);

    const form = endpoint({ ...operation, bodyKind: "form", body: z.object({ a: z.string() }) }, ({ body }) => body);
    expect(await heard(form, post("a=1&b=2&b=3", "application/x-www-form-urlencoded"))).toEqual([200, { a: "1" }]);
  });

  test("learns the name of the user, once the door knows it", async () => {
    const names: (string | undefined)[] = [];
    const curious: Dialect = {
      ...plain,
      refuse: (problem) => {
        names.push(problem.userName);
        return plain.refuse(problem);
      },
    };
    await introduceCast(now());
    const { value } = await makeToken(await actorOf("ada", now()));
    const route = endpoint({ ...operation, open: false, dialect: curious }, () => {
      throw notFound();
    });
    await heard(route, new Request(here, { headers: { authorization: `Bearer ${value}` } }));
    await heard(route);
    expect(names).toEqual(["ada", undefined]);
  });
});
