import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ClockCache } from "./clock-cache";

const entry = () => ({ referenced: false });

/** A full one, of `0` to `capacity - 1`. */
function full(capacity: number): ClockCache<{ referenced: boolean }> {
  const recent = new ClockCache<{ referenced: boolean }>(capacity);
  for (let key = 0; key < capacity; key++) recent.set(String(key), entry());
  return recent;
}

const present = (recent: ClockCache<{ referenced: boolean }>) => new Set(recent.values());

describe("a map of recent entries", () => {
  test("drops the oldest entry that was not used", () => {
    const recent = full(3);
    const [first, second] = [recent.get("0"), [...recent.values()][1]];
    expect(recent.set("3", entry())).toBe(second);
    expect(recent.get("0")).toBe(first);
    expect(recent.get("1")).toBeUndefined();
  });

  test("passes over an entry once for any number of questions", () => {
    const recent = full(2);
    const asked = recent.get("0");
    recent.get("0");
    recent.set("2", entry());
    expect(present(recent)).toContain(asked);
    recent.set("3", entry());
    expect(present(recent)).not.toContain(asked);
  });

  test("keeps entries that are used repeatedly, while others are added once", () => {
    const recent = full(10);
    for (let key = 0; key < 100; key++) {
      for (const often of ["3", "7"]) expect(recent.get(often)).toBeDefined();
      recent.set(`once ${key}`, entry());
    }
  });

  test("lets what came in last stay as long as all others", () => {
    const recent = full(5);
    recent.get("0");
    for (let key = 5; key < 50; key++) {
      recent.set(String(key), entry());
      expect(recent.get(String(key - 1)), `${key - 1} after ${key}`).toBeDefined();
    }
  });

  test("finds one to let go when all were asked for, without looking at more than a few", () => {
    const recent = full(1_000);
    for (let key = 0; key < 1_000; key++) recent.get(String(key));
    expect(recent.set("new", entry())).toBeDefined();
    expect([...recent.values()].filter(({ referenced: wasAsked }) => wasAsked).length).toBeGreaterThan(900);
  });

  test("never holds more than it may, and says each time what went", () => {
    const key = fc.nat(12).map(String);
    const step = fc.oneof(
      fc.record({ act: fc.constant("set" as const), key }),
      fc.record({ act: fc.constant("get" as const), key }),
      fc.record({ act: fc.constant("delete" as const), key }),
      fc.record({ act: fc.constant("clear" as const), key }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 60 }), (capacity, steps) => {
        const recent = new ClockCache<{ referenced: boolean }>(capacity);
        const expected = new Map<string, object>();
        for (const { act, key } of steps) {
          if (act === "get") expect(recent.get(key)).toBe(expected.get(key));
          if (act === "delete") {
            expect(recent.delete(key)).toBe(expected.get(key));
            expected.delete(key);
          }
          if (act === "clear") {
            recent.clear();
            expected.clear();
          }
          if (act === "set") {
            const value = entry();
            expected.set(key, value);
            const gone = recent.set(key, value);
            for (const [each, kept] of expected) if (kept === gone) expected.delete(each);
          }
          expect(recent.size).toBeLessThanOrEqual(capacity);
          expect(present(recent)).toEqual(new Set(expected.values()));
          expect([...recent.values()].every((kept) => [...expected.values()].includes(kept))).toBe(true);
        }
      }),
    );
  });
});
