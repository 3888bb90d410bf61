import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { httpRounds, type Plan } from "@/testing/http-rounds";
import { startInstance } from "@/testing/instance";
import { revocations } from "@/testing/revocations";
import { introduceRoot, type Three } from "@/testing/three-instances";

// Processes have to start and to be asked a lot, which takes its time on a busy machine. `npm run revocation-check` does this 10,000 times.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const everyWay = Object.keys(revocations).length;
let asRoot: string;

beforeAll(async () => {
  asRoot = await introduceRoot();
});

describe("once a change has been answered, no instance accepts what it took away", () => {
  let three: Three;

  beforeAll(async () => {
    three = await Promise.all([startInstance("first"), startInstance("second"), startInstance("third")]);
  });
  afterAll(() => Promise.all(three.map((each) => each.stop())));

  test.each<[string, Plan]>([
    ["one change after the other", { rounds: everyWay, writers: 1 }],
    ["ten changes at once", { rounds: 3 * everyWay, writers: 10 }],
    ["while 50 connections ask the second", { rounds: everyWay, writers: 2, hammering: 50 }],
  ])("%s", async (_, plan) => {
    const tally = await httpRounds(three, asRoot, plan);
    expect(tally).toMatchObject({ rounds: plan.rounds, stale: 0, staleBy: {}, odd: [] });
    expect(tally.tries).toBeGreaterThanOrEqual(9 * plan.rounds);
    expect(tally.refused).toBeGreaterThan(tally.tries / 2);
  });

  test("while the second is stopped for three seconds, and asked meanwhile", async () => {
    const plan = { rounds: everyWay, writers: everyWay, stoppedSeconds: 3 };
    const tally = await httpRounds(three, asRoot, plan);
    expect(tally).toMatchObject({ rounds: everyWay, held: 3 * everyWay, stale: 0, staleBy: {}, odd: [] });
    expect(tally.refused).toBeGreaterThan(tally.tries / 2);
  });

  test("while the second's connections to the database are cut again and again", async () => {
    const tally = await httpRounds(three, asRoot, { rounds: everyWay, writers: 4, hammering: 4, cutting: true });
    expect(tally).toMatchObject({ rounds: everyWay, stale: 0, staleBy: {}, odd: [] });
    expect(tally.refused).toBeGreaterThan(0);
  });
});

test("instances that believed their memory would: the rounds can fail", async () => {
  const start = (name: string) => startInstance(name, { program: "testing/unconfirmed-server.ts" });
  const three: Three = await Promise.all([start("first"), start("second"), start("third")]);
  try {
    const tally = await httpRounds(three, asRoot, { rounds: everyWay, writers: 2 });
    expect(tally.stale).toBeGreaterThan(0);
  } finally {
    await Promise.all(three.map((each) => each.stop()));
  }
});
