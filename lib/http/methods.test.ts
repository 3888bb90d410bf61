import { expect, test } from "vitest";
import { z } from "zod";
import { endpoint } from "./endpoint";
import { otherMethods } from "./methods";

const GET = endpoint({ summary: "Read", open: true, answers: { 200: z.number() } }, () => 1);
const POST = endpoint({ summary: "Make", open: true, answers: { 201: z.number() } }, () => 1);
const ask = (method: string) => new Request("http://localhost:3000/api/v1/trial", { method });

test("a method that a route does not have is answered 405 with those that it has", async () => {
  const { PUT, PATCH, DELETE } = otherMethods({ GET, POST });
  for (const [method, refuse] of Object.entries({ PUT, PATCH, DELETE })) {
    const response = await refuse(ask(method));
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD, POST, OPTIONS"]);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ status: 405, title: "Method not allowed" });
  }
});

test("HEAD goes with GET, and is refused without it", async () => {
  expect(Object.keys(otherMethods({ GET }))).toEqual(["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
  const { HEAD } = otherMethods({ POST });
  const response = await HEAD(ask("HEAD"));
  expect([response.status, response.headers.get("allow"), await response.text()]).toEqual([405, "POST, OPTIONS", ""]);
});

test("OPTIONS says what is possible", async () => {
  const response = await otherMethods({ GET }).OPTIONS(ask("OPTIONS"));
  expect([response.status, response.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
});
