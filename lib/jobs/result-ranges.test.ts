import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db";
import { answerByRoute } from "@/testing/answer-by-route";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";
import { submitRun } from "./commands";
import { resultChunkBytes } from "./queries";
import { closeQueue, installQueue } from "./queue";

const result = randomBytes(2 * resultChunkBytes + 1_234);
let path: string;
let authorization: string;

beforeAll(async () => {
  await introduceCast(new Date());
  await installQueue();
  const ada = await actorOf("ada", new Date());
  const { id } = await submitRun(ada, { repository: "Rivers", name: "gauge-levels" }, { parameters: {} });
  for (let seq = 0; seq * resultChunkBytes < result.length; seq++) {
    const bytes = new Uint8Array(result.subarray(seq * resultChunkBytes, (seq + 1) * resultChunkBytes));
    await db.jobResultChunk.create({ data: { jobId: id, seq, bytes } });
  }
  const data = { status: "succeeded", finishedAt: new Date(), resultRows: 1, resultBytes: result.length } as const;
  await db.job.update({ where: { id }, data });
  path = `http://localhost:3000/api/v1/jobs/${id}/result`;
  authorization = `Bearer ${(await makeToken(ada, { allPermissions: true })).value}`;
});
afterAll(closeQueue);

async function get(headers: Record<string, string> = {}) {
  const response = await answerByRoute(new Request(path, { headers: { authorization, ...headers } }));
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}

test("a result is downloaded whole, or any part of it across its chunks", async () => {
  const whole = await get();
  expect([whole.status, whole.bytes.equals(result)]).toEqual([200, true]);
  const near = fc.constantFrom(0, resultChunkBytes - 1, resultChunkBytes, 2 * resultChunkBytes, result.length - 1);
  const position = fc.oneof(near, fc.nat(result.length - 1));
  const tag = whole.headers.get("etag") ?? "";
  await fc.assert(
    fc.asyncProperty(position, position, async (one, other) => {
      const [first, last] = [Math.min(one, other), Math.max(one, other)];
      const part = await get({ range: `bytes=${first}-${last}`, "if-range": tag });
      expect([part.status, part.headers.get("content-range")]).toEqual([
        206,
        `bytes ${first}-${last}/${result.length}`,
      ]);
      expect(part.bytes.equals(result.subarray(first, last + 1))).toBe(true);
    }),
    { numRuns: 20 },
  );
  expect((await get({ range: `bytes=${result.length}-` })).status).toBe(416);
});
