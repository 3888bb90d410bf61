import { expect, test } from "vitest";
import { revocationRounds } from "@/testing/revocation-rounds";
import { onlyAtFirst } from "@/testing/unconfirmed";

// e2e/faults does the same with processes of their own, and `npm run revocation-check` many times more.
const rounds = 220;

test("once a change has been answered, no instance accepts the token again, under load and with ten writers", async () => {
  const tally = await revocationRounds({ rounds, writers: 10, hammering: 16 });
  console.log(`${tally.tries} tries after ${tally.rounds} changes, ${tally.stale} accepted`);
  expect(tally.rounds).toBeGreaterThanOrEqual(rounds);
  expect(tally.tries).toBeGreaterThanOrEqual(9 * rounds);
  expect(tally.fromMemory).toBeGreaterThan(rounds);
  expect(tally.stale).toBe(0);
}, 240_000);

test("nor while its connections to the database are cut again and again", async () => {
  const tally = await revocationRounds({ rounds: 22, writers: 4, hammering: 8, cutting: true });
  expect(tally.rounds).toBeGreaterThanOrEqual(22);
  expect(tally.fromMemory).toBeGreaterThan(0);
  expect(tally.stale).toBe(0);
}, 120_000);

test("without confirmation they would: the rounds can fail", async () => {
  const { stale } = await revocationRounds({ rounds: 22, writers: 2, hammering: 4, confirmation: onlyAtFirst });
  expect(stale).toBeGreaterThan(0);
});
