import { beforeAll, expect, test, vi } from "vitest";
import { killDuringAppCreation } from "@/testing/app-creation-kills";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";

// Each kill needs a process, which takes time to start on a busy machine. The long form is `npm run races -- kills`.
vi.setConfig({ testTimeout: 240_000 });

let authorization: string;

beforeAll(async () => {
  const now = new Date();
  await introduceCast(now);
  const { value } = await makeToken(await actorOf("ada", now), { allPermissions: true });
  authorization = `Bearer ${value}`;
});

test("a server that is killed while it creates an app leaves it with its token or not at all, and a retry completes it", async () => {
  const tally = await killDuringAppCreation({ kills: 4, atOnce: 10, authorization });
  expect(tally).toMatchObject({ kills: 4, apps: 40, broken: [] });
  // The kills came after some answers and before others.
  expect(tally.answered).toBeGreaterThan(0);
  expect(tally.answered).toBeLessThan(40);
});
