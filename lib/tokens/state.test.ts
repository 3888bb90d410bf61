import { expect, test } from "vitest";
import { stateOf } from "./state";

const noon = new Date("2026-03-02T12:00:00.000Z");
const justBefore = new Date("2026-03-02T11:59:59.999Z");

test("a token is active until its expiration and expired from then on", () => {
  expect(stateOf({ enabled: true, expiresAt: noon }, justBefore)).toBe("active");
  expect(stateOf({ enabled: true, expiresAt: noon }, noon)).toBe("expired");
});

test("an expired token that is disabled counts as expired", () => {
  expect(stateOf({ enabled: false, expiresAt: noon }, justBefore)).toBe("disabled");
  expect(stateOf({ enabled: false, expiresAt: noon }, noon)).toBe("expired");
});
