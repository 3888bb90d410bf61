import { afterEach, expect, test, vi } from "vitest";
import { ApiProblem, api, sessionEnded } from "./api";

afterEach(() => vi.unstubAllGlobals());

/** The network answers so; the window hears what is told it. */
function answering(answer: () => Promise<Response>) {
  const window = new EventTarget();
  vi.stubGlobal("window", window);
  vi.stubGlobal("fetch", answer);
  const heard: string[] = [];
  window.addEventListener(sessionEnded, ({ type }) => heard.push(type));
  return heard;
}

const problem = (status: number, body: unknown) => async () =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json" } });

test("a refusal becomes a problem with its field", async () => {
  answering(problem(409, { status: 409, detail: "You already have one of this name.", field: "name" }));
  const refusal = await api("POST", "/api/v1/tokens", {}).catch((error) => error);
  expect(refusal).toBeInstanceOf(ApiProblem);
  expect(refusal).toMatchObject({ status: 409, message: "You already have one of this name.", field: "name" });
});

test("an ended session is told to the page", async () => {
  const heard = answering(problem(401, { detail: "This token has expired." }));
  await expect(api("GET", "/api/v1/tokens")).rejects.toMatchObject({ status: 401, endsSession: true });
  expect(heard).toEqual([sessionEnded]);
});

test("of a change that got no answer nobody says that it was not made", async () => {
  answering(() => Promise.reject(new TypeError("Failed to fetch")));
  const problem = await api("DELETE", "/api/v1/tokens/1").catch((error) => error);
  expect(problem).toMatchObject({ status: 0, message: expect.stringContaining("may or may not have been saved") });
  await expect(api("GET", "/api/v1/tokens")).rejects.toMatchObject({
    status: 0,
    message: expect.not.stringContaining("done"),
  });
});

test("an answer that is no problem document still gives a sentence", async () => {
  answering(async () => new Response("<html>", { status: 502 }));
  await expect(api("GET", "/api/v1/tokens")).rejects.toThrow("(HTTP 502)");
});

test("no content is no body", async () => {
  answering(async () => new Response(null, { status: 204 }));
  expect(await api("DELETE", "/api/v1/tokens/1")).toBeUndefined();
});
