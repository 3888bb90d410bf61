import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { raceAppCreation } from "@/testing/app-creation-races";
import { actorOf, introduceCast } from "@/testing/cast";
import { type Instance, startInstance } from "@/testing/instance";
import { makeToken } from "@/testing/tokens";

// Two processes take time to start on a busy machine. The long form is `npm run races -- apps`.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let servers: [Instance, Instance];
let authorization: string;

beforeAll(async () => {
  const now = new Date();
  await introduceCast(now);
  const { value } = await makeToken(await actorOf("ada", now), { allPermissions: true });
  authorization = `Bearer ${value}`;
  servers = await Promise.all([startInstance("first"), startInstance("second")]);
});
afterAll(() => Promise.all(servers.map((server) => server.stop())));

test("an app that is created twice at two servers at the same moment is one app with one token for its workspace", async () => {
  expect(await raceAppCreation(servers, { rounds: 48, authorization })).toEqual({ rounds: 48, made: 48, broken: [] });
});
