import { expect, test } from "vitest";
import { exactTime, relativeTime } from "./relative-time";

const noon = new Date("2026-03-10T12:00:00Z");
const after = (seconds: number) => relativeTime(new Date(noon.getTime() + seconds * 1000), noon);
const day = 86_400;

test.each([
  [0, "just now"],
  [20, "in a moment"],
  [-20, "just now"],
  [-30, "1 minute ago"],
  [-90, "2 minutes ago"],
  [30 * 60, "in 30 minutes"],
  [-3 * 3600, "3 hours ago"],
  [30 * day, "in 30 days"],
  [45 * day, "in 45 days"],
  [-90 * day, "3 months ago"],
  [365 * day, "in 1 year"],
])("%i seconds from now is %s", (seconds, words) => {
  expect(after(seconds)).toBe(words);
});

test("five seconds after its creation, a token of 30 days still expires in 30 days", () => {
  expect(after(30 * day - 5)).toBe("in 30 days");
});

test("the exact time is in the requested time zone", () => {
  expect(exactTime(noon, "Europe/Vienna")).toBe("10 Mar 2026, 13:00:00 CET");
});
