import { beforeAll, expect, test } from "vitest";
import { answerByRoute } from "@/testing/answer-by-route";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";

let authorization: string;

beforeAll(async () => {
  await introduceCast(new Date());
  const { value } = await makeToken(await actorOf("ada", new Date()), { allPermissions: true });
  authorization = `Bearer ${value}`;
});

async function publish(name: string, title: string, headers: Record<string, string> = {}): Promise<number> {
  const body = `/*---\ntitle: ${title}\noutput: json\n---*/\nSELECT 1 AS one`;
  const url = `http://localhost:3000/api/v1/workspaces/Rivers/${name}`;
  const all = { authorization, "content-type": "text/plain", ...headers };
  return (await answerByRoute(new Request(url, { method: "PUT", headers: all, body }))).status;
}

async function titleOf(name: string): Promise<string> {
  const url = `http://localhost:3000/api/v1/workspaces/Rivers/${name}`;
  return (await (await answerByRoute(new Request(url, { headers: { authorization } }))).json()).title;
}

test("If-None-Match: * publishes a workspace and replaces none, also in a race", async () => {
  const unless = { "if-none-match": "*" };
  expect(await publish("created", "First", unless)).toBe(201);
  expect(await publish("created", "Second", unless)).toBe(412);
  expect(await titleOf("created")).toBe("First");
  expect(await publish("created", "Third", { "if-none-match": '"a tag"' })).toBe(200);
  const race = await Promise.all(["A", "B", "C"].map((title) => publish("contended", title, unless)));
  expect(race.sort()).toEqual([201, 412, 412]);
});

test("If-Match replaces a workspace and publishes none, and no tag names one", async () => {
  expect(await publish("replaced", "First", { "if-match": "*" })).toBe(412);
  expect(await publish("replaced", "First")).toBe(201);
  expect(await publish("replaced", "Second", { "if-match": "*" })).toBe(200);
  expect(await publish("replaced", "Third", { "if-match": '"a tag"' })).toBe(412);
  expect(await titleOf("replaced")).toBe("Second");
});
