import { beforeAll, expect, test } from "vitest";
import { confirmOnce } from "@/testing/confirm-once";
import { localRounds } from "@/testing/local-rounds";
import { introduceRoot } from "@/testing/three-instances";

// e2e/faults does the same with separate processes, and `npm run revocation-check` many more times.
const rounds = 220;
let asRoot: string;

beforeAll(async () => {
  asRoot = await introduceRoot();
});

test("once a change has been answered, no instance accepts the token again, under load and with ten writers", async () => {
  const tally = await localRounds(asRoot, { rounds, writers: 10, loadRequests: 16 });
  console.log(`${tally.checks} checks after ${tally.rounds} changes, ${tally.stale} accepted`);
  expect(tally).toMatchObject({ rounds, stale: 0, staleBy: {}, unexpected: [] });
  expect(tally.checks).toBeGreaterThanOrEqual(9 * rounds);
  expect(tally.memoryHits).toBeGreaterThan(rounds);
}, 240_000);

test("no instance accepts it while the connections to the database are cut again and again", async () => {
  const tally = await localRounds(asRoot, { rounds: 22, writers: 4, loadRequests: 8, cutsConnections: true });
  expect(tally).toMatchObject({ rounds: 22, stale: 0, staleBy: {}, unexpected: [] });
  expect(tally.memoryHits).toBeGreaterThan(0);
}, 120_000);

test("instances that do not confirm what they remember accept it: the rounds can fail", async () => {
  const { stale } = await localRounds(asRoot, { rounds: 22, writers: 2, loadRequests: 4, confirmation: confirmOnce });
  expect(stale).toBeGreaterThan(0);
});
