import { beforeAll, expect, test, vi } from "vitest";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";
import { wizardKills } from "@/testing/wizard-kills";

// A process has to start for every kill, which takes its time on a busy machine. The long form is `npm run races -- kills`.
vi.setConfig({ testTimeout: 240_000 });

let authorization: string;

beforeAll(async () => {
  const now = new Date();
  await introduceCast(now);
  const { value } = await makeToken(await actorOf("ada", now), { allPermissions: true });
  authorization = `Bearer ${value}`;
});

test("a server that is killed in the wizard's last step leaves an app with its token or nothing, and the retry one", async () => {
  const tally = await wizardKills({ kills: 4, atOnce: 10, authorization });
  expect(tally).toMatchObject({ kills: 4, apps: 40, broken: [] });
  // The kills came in the middle: after some answers, and before others.
  expect(tally.answered).toBeGreaterThan(0);
  expect(tally.answered).toBeLessThan(40);
});
