import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { closeQueue, installQueue } from "@/lib/jobs/queue";
import type { Actor } from "@/lib/permissions/actor";
import { actorOf, introduceCast } from "@/testing/cast";
import { expectedGiving, expectedStatus, givers, listedGivings, listedRoutes } from "./access-matrix";
import { type Caller, callers, headersOf } from "./callers";
import { expectDocumentedAnswer, expectDocumentedBody } from "./documented";
import { giverOf, givingRequests, headersOfGiver } from "./giving-requests";
import { findOperation, operations, sendTo } from "./operations";
import { type SampleRequest, validRequest } from "./sample-requests";

/** Ada in a new session each time, because some requests end other sessions. */
const signInAda = (): Promise<Actor> => actorOf("ada", new Date());

beforeAll(async () => {
  await introduceCast(new Date());
  await installQueue();
});
afterAll(closeQueue);

test("the table lists exactly the operations that exist", () => {
  expect(listedRoutes.toSorted()).toEqual([...operations.keys()].toSorted());
});

describe.each([...operations.keys()])("%s", (operation) => {
  test.each(callers)("called by %s", async (caller) => {
    const request = await validRequest(operation, await signInAda());
    const response = await sendAs(operation, caller, request);
    expect(response.status, await response.clone().text()).toBe(expectedStatus(operation, caller));
    expect(response.headers.get("cache-control")).toBe("no-store");
    expectDocumentedBody(operation, request.body);
    await expectDocumentedAnswer(operation, response.clone());
    if (response.status < 300) await expectDeclared(operation, response);
    else await expectProblem(response);
  });
});

test("the table of what is given lists exactly the requests that are sent", () => {
  expect(listedGivings.toSorted()).toEqual(Object.keys(givingRequests).toSorted());
});

describe.each(listedGivings)("%s", (giving) => {
  test.each(givers)("by %s", async (caller) => {
    const request = (await givingRequests[giving]?.()) ?? {};
    const headers = { ...request.headers, ...(await headersOfGiver(caller, giverOf(giving), new Date())) };
    const [operation = ""] = giving.split(": ");
    const response = await sendTo(operation, { ...request, headers });
    const text = await response.clone().text();
    const expected = expectedGiving(giving, caller);
    const answer = typeof expected === "string" ? JSON.parse(text).outcomes[0].outcome : response.status;
    expect(answer, text).toBe(expected);
    if (response.status >= 300) await expectProblem(response);
  });
});

const withPath = [...operations.keys()].filter((operation) => findOperation(operation).operation.params);

test.each(withPath)("%s gives the same answer for a hidden thing as for one that does not exist", async (operation) => {
  const hidden = callers.find((caller) => expectedStatus(operation, caller) === 404);
  if (!hidden) return expect(operation).toMatch(/\/(users|roles)\/|\/apps\/\[slug\]\/runs/);
  const good = await validRequest(operation, await signInAda());
  const [first = ""] = Object.keys(good.params ?? {});
  const unused = { id: "0198f0d4-4a9c-7cc1-8d67-b8f7c7a6c0de", repository: "Nowhere", name: "nothing", slug: "never" };
  const absent = { ...good.params, [first]: operation.includes("/jobs/") ? "2147483647" : unused[first as "id"] };
  const ofHidden = await sendAs(operation, hidden, good);
  const ofAbsent = await sendAs(operation, hidden, { ...good, params: absent });
  expect(ofHidden.status).toBe(404);
  expect(ofAbsent.status).toBe(404);
  expect(await ofAbsent.text()).toBe(await ofHidden.text());
});

async function sendAs(operation: string, caller: Caller, request: SampleRequest): Promise<Response> {
  const headers = { ...request.headers, ...(await headersOf(caller, new Date())) };
  return sendTo(operation, { ...request, headers });
}

/** Checks that the API document declares this answer, and that its body matches the schema. */
async function expectDeclared(operation: string, response: Response): Promise<void> {
  const { answers } = findOperation(operation).operation;
  const declared = answers[response.status];
  expect(declared, `${operation} answers ${response.status}`).toBeDefined();
  const schema = declared instanceof z.ZodType ? declared : declared?.schema;
  if (schema) expect(schema.safeParse(await response.json()).error).toBeUndefined();
}

async function expectProblem(response: Response): Promise<void> {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(response.headers.has("www-authenticate")).toBe(response.status === 401);
  const problem = await response.json();
  expect(problem).toMatchObject({ status: response.status, title: expect.any(String), detail: expect.any(String) });
}
