import { expect, test } from "vitest";
import { isDue, nextLook } from "./session-schedule";

const minute = 60_000;
const start = Date.parse("2026-03-02T09:00:00Z");
const endsAt = start + 30 * minute;

test("the page looks when its session can be extended, 25 minutes after it was", () => {
  expect(nextLook(start, endsAt, 0)).toBe(25 * minute + 1_000);
  expect(nextLook(start + 10 * minute, endsAt, start + 5 * minute)).toBe(15 * minute + 1_000);
});

test("it looks at once when that moment was slept through", () => {
  expect(nextLook(start + 29 * minute, endsAt, start)).toBe(0);
  expect(nextLook(start + 300 * minute, endsAt, start)).toBe(0);
});

test("a session that is at its limit is looked at when it has ended, not over and over", () => {
  const looked = start + 25 * minute + 1_000;
  expect(nextLook(looked, endsAt, looked)).toBe(5 * minute);
});

test("waking up is reason to look from minute 25 on", () => {
  expect(isDue(start + 24 * minute, endsAt)).toBe(false);
  expect(isDue(start + 26 * minute, endsAt)).toBe(true);
});
