import { expect, test } from "vitest";
import { currentExpiration, dayOf, defaultExpiration, expirationFields, expiresAtOf, likeLifetime } from "./expiration";

const now = new Date("2026-03-10T12:00:00Z");

test("a token lives 30 days unless somebody chooses otherwise", () => {
  expect(expiresAtOf(defaultExpiration, now)).toEqual(new Date("2026-04-09T12:00:00Z"));
});

test("a chosen day lasts to its last second where the viewer is", () => {
  const end = expiresAtOf({ days: "date", date: "2026-05-01" }, now);
  expect(end && [dayOf(end), end.getHours(), end.getMinutes(), end.getSeconds()]).toEqual(["2026-05-01", 23, 59, 59]);
});

test("no day is no moment, and neither is leaving it as it is", () => {
  expect(expiresAtOf({ days: "date", date: "" }, now)).toBeNull();
  expect(expiresAtOf({ days: "date", date: "2026-02-31x" }, now)).toBeNull();
  expect(expiresAtOf(currentExpiration, now)).toBeNull();
});

test("a duplicate lives as long as its original did: a preset, or the day that many days on", () => {
  expect(likeLifetime("2025-01-01T00:00:00Z", "2025-04-01T00:00:03Z", now)).toEqual({ days: 90, date: "" });
  const other = likeLifetime("2025-01-01T00:00:00Z", "2025-01-11T00:00:00Z", now);
  expect(other).toEqual({ days: "date", date: dayOf(new Date("2026-03-20T12:00:00Z")) });
});

test("a preset is sent as a length and a date as a time, so that only the date depends on the browser", () => {
  expect(expirationFields({ days: 7, date: "" })).toEqual({ expiresInSeconds: 604_800 });
  expect(expirationFields({ days: "date", date: "2026-05-01" })).toEqual({
    expiresAt: expiresAtOf({ days: "date", date: "2026-05-01" }, now)?.toISOString(),
  });
  expect(expirationFields({ days: "date", date: "" })).toBeNull();
  expect(expirationFields(currentExpiration)).toEqual({});
});
