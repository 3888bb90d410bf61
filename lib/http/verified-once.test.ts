import { expect, test } from "vitest";
import { z } from "zod";
import { actorOf, introduceCast } from "@/testing/cast";
import { statementsOf } from "@/testing/count-statements";
import { makeToken } from "@/testing/tokens";
import { endpoint } from "./endpoint";

const route = endpoint(
  { summary: "Change", body: z.object({}), permission: "tokens:manage", answers: { 200: z.object({}) } },
  () => ({}),
);

test("a token is verified again after its body, unless all of it was there before", async () => {
  const now = new Date();
  await introduceCast(now);
  const { value } = await makeToken(await actorOf("ada", now), { allPermissions: true });
  const count = async (more: Record<string, string>) => {
    const headers = { Authorization: `Bearer ${value}`, "Content-Type": "application/json", ...more };
    const ask = async () => {
      const request = new Request("http://localhost:3000/api/v1/x", { method: "POST", headers, body: "{}" });
      expect((await route(request, { params: Promise.resolve({}) })).status).toBe(200);
    };
    return (await statementsOf(ask)).filter((text) => !/last_used_at = due/.test(text)).length;
  };
  await count({});
  expect(await count({})).toBe(2);
  expect(await count({ "x-tessera-body": "whole" })).toBe(1);
});
