import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { closeQueue, installQueue } from "@/lib/jobs/queue";
import type { Actor } from "@/lib/permissions/actor";
import { actorOf, introduceCast } from "@/testing/cast";
import { expectedAnswers, listedRoutes } from "./access-matrix";
import { ask, named, operations } from "./asking";
import { type Caller, callers, headersOf } from "./callers";
import { type SampleRequest, validRequest } from "./sample-requests";

/** In a session of her own each time: some of the questions end the others. */
const ada = (): Promise<Actor> => actorOf("ada", new Date());

beforeAll(async () => {
  await introduceCast(new Date());
  await installQueue();
});
afterAll(closeQueue);

test("the table knows every operation, and no other", () => {
  expect(listedRoutes.toSorted()).toEqual([...operations.keys()].toSorted());
});

describe.each([...operations.keys()])("%s", (operation) => {
  test.each(callers)("asked by %s", async (caller) => {
    const response = await asked(operation, caller, await validRequest(operation, await ada()));
    expect(response.status, await response.clone().text()).toBe(expectedAnswers(operation, caller));
    expect(response.headers.get("cache-control")).toBe("no-store");
    if (response.status < 300) await expectDeclared(operation, response);
    else await expectProblem(response);
  });
});

const withPath = [...operations.keys()].filter((operation) => named(operation).operation.params);

test.each(withPath)("%s says the same of what is not yours as of what never was", async (operation) => {
  const hidden = callers.find((caller) => expectedAnswers(operation, caller) === 404);
  if (!hidden) return expect(operation).toMatch(/\/(users|roles)\/|\/apps\/\[slug\]\/runs/);
  const good = await validRequest(operation, await ada());
  const [first = ""] = Object.keys(good.params ?? {});
  const never = { id: "0198f0d4-4a9c-7cc1-8d67-b8f7c7a6c0de", repository: "Nowhere", name: "nothing", slug: "never" };
  const absent = { ...good.params, [first]: operation.includes("/jobs/") ? "2147483647" : never[first as "id"] };
  const ofHidden = await asked(operation, hidden, good);
  const ofAbsent = await asked(operation, hidden, { ...good, params: absent });
  expect(ofHidden.status).toBe(404);
  expect(ofAbsent.status).toBe(404);
  expect(await ofAbsent.text()).toBe(await ofHidden.text());
});

async function asked(operation: string, caller: Caller, question: SampleRequest): Promise<Response> {
  const headers = { ...question.headers, ...(await headersOf(caller, new Date())) };
  return ask(operation, { ...question, headers });
}

/** The answer is one that the API document declares, and has the shape it says. */
async function expectDeclared(operation: string, response: Response): Promise<void> {
  const { answers } = named(operation).operation;
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
