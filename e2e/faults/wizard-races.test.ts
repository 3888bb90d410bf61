import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";
import { type ApiServer, apiServer, wizardRaces } from "@/testing/wizard-races";

// Two processes have to start, which takes its time on a busy machine. The long form is `npm run races -- apps`.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let servers: [ApiServer, ApiServer];
let authorization: string;

beforeAll(async () => {
  const now = new Date();
  await introduceCast(now);
  const { value } = await makeToken(await actorOf("ada", now), { allPermissions: true });
  authorization = `Bearer ${value}`;
  servers = await Promise.all([apiServer(), apiServer()]);
});
afterAll(() => Promise.all(servers.map((server) => server.stop())));

test("the wizard's last step, taken twice at two servers, makes one app with one token for its workspace", async () => {
  expect(await wizardRaces(servers, { rounds: 48, authorization })).toEqual({ rounds: 48, made: 48, broken: [] });
});
