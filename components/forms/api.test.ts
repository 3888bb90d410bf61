import { afterEach, expect, test, vi } from "vitest";
import { ApiProblem, api, sessionEnded } from "./api";

afterEach(() => vi.unstubAllGlobals());

/** Replaces the network. Returns the list of events that the window receives. */
function stubNetwork(answer: () => Promise<Response>) {
  const window = new EventTarget();
  vi.stubGlobal("window", window);
  vi.stubGlobal("fetch", answer);
  const events: string[] = [];
  window.addEventListener(sessionEnded, ({ type }) => events.push(type));
  return events;
}

const problem = (status: number, body: unknown) => async () =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json" } });

test("a refusal becomes a problem with its field", async () => {
  stubNetwork(problem(409, { status: 409, detail: "You already have one of this name.", field: "name" }));
  const refusal = await api("POST", "/api/v1/tokens", {}).catch((error) => error);
  expect(refusal).toBeInstanceOf(ApiProblem);
  expect(refusal).toMatchObject({ status: 409, message: "You already have one of this name.", field: "name" });
});

test("the page receives an event when the session has ended", async () => {
  const events = stubNetwork(problem(401, { detail: "This token has expired." }));
  await expect(api("GET", "/api/v1/tokens")).rejects.toMatchObject({ status: 401, endsSession: true });
  expect(events).toEqual([sessionEnded]);
});

test("the error of a change without an answer does not say that the change was not made", async () => {
  stubNetwork(() => Promise.reject(new TypeError("Failed to fetch")));
  const problem = await api("DELETE", "/api/v1/tokens/1").catch((error) => error);
  expect(problem).toMatchObject({ status: 0, message: expect.stringContaining("may or may not have been saved") });
  await expect(api("GET", "/api/v1/tokens")).rejects.toMatchObject({
    status: 0,
    message: expect.not.stringContaining("done"),
  });
});

test("an answer that is not a problem document still gives a sentence", async () => {
  stubNetwork(async () => new Response("<html>", { status: 502 }));
  await expect(api("GET", "/api/v1/tokens")).rejects.toThrow("(HTTP 502)");
});

test("an answer without content gives no body", async () => {
  stubNetwork(async () => new Response(null, { status: 204 }));
  expect(await api("DELETE", "/api/v1/tokens/1")).toBeUndefined();
});
