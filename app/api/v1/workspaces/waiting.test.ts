import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db";
import { closeQueue, installQueue } from "@/lib/jobs/queue";
import type { Actor } from "@/lib/permissions/actor";
import { editToken, removeToken } from "@/lib/tokens/commands";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";
import { POST } from "./[repository]/[name]/runs/route";

// A run that is waited for: what its token is worth when the result is there. No worker takes the job; the tests finish it.

let ada: Actor;

beforeAll(async () => {
  await introduceCast(new Date());
  await installQueue();
  ada = await actorOf("ada", new Date());
});
afterAll(closeQueue);

/** Runs the workspace and waits; meanwhile, once the job is there, this happens, and then the job succeeds. */
async function answeredAfter(happening: (tokenId: string) => Promise<unknown>): Promise<Response> {
  const { token, value } = await makeToken(ada, { permissions: ["workspace/Rivers/gauge-levels:run"] });
  const request = new Request("http://localhost:3000/api/v1/workspaces/Rivers/gauge-levels/runs", {
    method: "POST",
    headers: { authorization: `Bearer ${value}`, "content-type": "application/json" },
    body: "{}",
  });
  const params = Promise.resolve({ repository: "Rivers", name: "gauge-levels" });
  const answer = POST(request, { params });
  let job = null;
  while (!job) {
    await wait(20);
    job = await db.job.findFirst({ where: { tokenId: token.id }, select: { id: true } });
  }
  await happening(token.id);
  await db.jobResultChunk.create({ data: { jobId: job.id, seq: 0, bytes: Buffer.from('["secret"]') } });
  const data = { status: "succeeded" as const, finishedAt: new Date(), resultRows: 1, resultBytes: 10 };
  await db.job.update({ where: { id: job.id }, data });
  return answer;
}

test("a token that is still good gets the result", async () => {
  const answer = await answeredAfter(async () => undefined);
  expect([answer.status, await answer.text()]).toEqual([200, '["secret"]']);
});

test.each([
  ["disabled", 401, (id: string) => editToken(ada, id, { enabled: false })],
  ["removed", 401, (id: string) => removeToken(ada, id)],
  ["narrowed", 403, (id: string) => editToken(ada, id, { permissions: ["jobs:access"] })],
] as const)("a token that was %s while it waited is answered %i, without the result", async (_, status, change) => {
  const answer = await answeredAfter(change);
  expect(answer.status).toBe(status);
  expect(await answer.text()).not.toContain("secret");
});
