import { expect, test } from "vitest";
import { isDue, nextCheckMs } from "./session-schedule";

const minute = 60_000;
const start = Date.parse("2026-03-02T09:00:00Z");
const endsAt = start + 30 * minute;

test("the page checks its session when it can be extended, 25 minutes after the last extension", () => {
  expect(nextCheckMs(start, endsAt, 0)).toBe(25 * minute + 1_000);
  expect(nextCheckMs(start + 10 * minute, endsAt, start + 5 * minute)).toBe(15 * minute + 1_000);
});

test("the page checks at once when the computer slept through that time", () => {
  expect(nextCheckMs(start + 29 * minute, endsAt, start)).toBe(0);
  expect(nextCheckMs(start + 300 * minute, endsAt, start)).toBe(0);
});

test("a session near its absolute limit is checked again only when it has ended", () => {
  const checkedAt = start + 25 * minute + 1_000;
  expect(nextCheckMs(checkedAt, endsAt, checkedAt)).toBe(5 * minute);
});

test("after waking up, a check is due from minute 25 on", () => {
  expect(isDue(start + 24 * minute, endsAt)).toBe(false);
  expect(isDue(start + 26 * minute, endsAt)).toBe(true);
});
