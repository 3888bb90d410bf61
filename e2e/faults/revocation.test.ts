import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { httpRounds } from "@/testing/http-rounds";
import { startInstance } from "@/testing/instance";
import type { Plan } from "@/testing/revocation-rounds";
import { revocations } from "@/testing/revocations";
import { introduceRoot, type ThreeInstances } from "@/testing/three-instances";

// Starting processes and many requests take time on a busy machine. `npm run revocation-check` does this 10,000 times.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const wayCount = Object.keys(revocations).length;
let asRoot: string;

beforeAll(async () => {
  asRoot = await introduceRoot();
});

describe("once a change has been answered, no instance accepts what it took away", () => {
  let three: ThreeInstances;

  beforeAll(async () => {
    three = await Promise.all([startInstance("first"), startInstance("second"), startInstance("third")]);
  });
  afterAll(() => Promise.all(three.map((each) => each.stop())));

  test.each<[string, Plan]>([
    ["one change after the other", { rounds: wayCount, writers: 1 }],
    ["ten changes at once", { rounds: 3 * wayCount, writers: 10 }],
    ["while 50 connections send requests to the second", { rounds: wayCount, writers: 2, loadRequests: 50 }],
  ])("%s", async (_, plan) => {
    const tally = await httpRounds(three, asRoot, plan);
    expect(tally).toMatchObject({ rounds: plan.rounds, stale: 0, staleBy: {}, unexpected: [] });
    expect(tally.checks).toBeGreaterThanOrEqual(9 * plan.rounds);
    expect(tally.refused).toBeGreaterThan(tally.checks / 2);
  });

  test("while the second is stopped for three seconds, and gets requests meanwhile", async () => {
    const plan = { rounds: wayCount, writers: wayCount, stoppedSeconds: 3 };
    const tally = await httpRounds(three, asRoot, plan);
    expect(tally).toMatchObject({
      rounds: wayCount,
      sentWhileStopped: 3 * wayCount,
      stale: 0,
      staleBy: {},
      unexpected: [],
    });
    expect(tally.refused).toBeGreaterThan(tally.checks / 2);
  });

  test("while the second's connections to the database are cut again and again", async () => {
    const tally = await httpRounds(three, asRoot, {
      rounds: wayCount,
      writers: 4,
      loadRequests: 4,
      cutsConnections: true,
    });
    expect(tally).toMatchObject({ rounds: wayCount, stale: 0, staleBy: {}, unexpected: [] });
    expect(tally.refused).toBeGreaterThan(0);
  });
});

test("instances that do not confirm what they remember accept it: the rounds can fail", async () => {
  const start = (name: string) => startInstance(name, { program: "testing/unconfirmed-api-server.ts" });
  const three: ThreeInstances = await Promise.all([start("first"), start("second"), start("third")]);
  try {
    const tally = await httpRounds(three, asRoot, { rounds: wayCount, writers: 2 });
    expect(tally.stale).toBeGreaterThan(0);
  } finally {
    await Promise.all(three.map((each) => each.stop()));
  }
});
