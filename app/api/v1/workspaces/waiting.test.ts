import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db";
import { env } from "@/lib/env";
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

/** Runs the workspace and waits. Returns the answer to come, once the job is there. */
async function startRun(): Promise<{ answer: Promise<Response>; tokenId: string; jobId: number }> {
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
  return { answer, tokenId: token.id, jobId: job.id };
}

/** While a run is waited for, this happens, and then the job succeeds. */
async function answeredAfter(happening: (tokenId: string) => Promise<unknown>): Promise<Response> {
  const { answer, tokenId, jobId } = await startRun();
  await happening(tokenId);
  await db.jobResultChunk.create({ data: { jobId, seq: 0, bytes: Buffer.from('["secret"]') } });
  const data = { status: "succeeded" as const, finishedAt: new Date(), resultRows: 1, resultBytes: 10 };
  await db.job.update({ where: { id: jobId }, data });
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

test("an outage while it waited is answered with the number of the job, so that no run is sent twice", async () => {
  const { answer, jobId } = await startRun();
  const other = new Client({ connectionString: env().databaseUrl });
  await other.connect();
  await other.query("BEGIN; LOCK TABLE jobs");
  const answered = await answer;
  await other.end();
  expect(answered.status).toBe(503);
  expect(Object.fromEntries(answered.headers)).toMatchObject({
    "retry-after": "2",
    "x-tessera-job": String(jobId),
    location: `/api/v1/jobs/${jobId}`,
  });
  expect(await answered.json()).toMatchObject({ job: jobId, detail: expect.stringContaining("was submitted") });
}, 30_000);
