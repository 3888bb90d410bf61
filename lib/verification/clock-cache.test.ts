import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ClockCache } from "./clock-cache";

const entry = () => ({ referenced: false });

/** A full cache with the keys `0` to `capacity - 1`. */
function full(capacity: number): ClockCache<{ referenced: boolean }> {
  const cache = new ClockCache<{ referenced: boolean }>(capacity);
  for (let key = 0; key < capacity; key++) cache.set(String(key), entry());
  return cache;
}

const present = (cache: ClockCache<{ referenced: boolean }>) => new Set(cache.values());

describe("a clock cache", () => {
  test("drops the oldest entry that was not used", () => {
    const cache = full(3);
    const [first, second] = [cache.get("0"), [...cache.values()][1]];
    expect(cache.set("3", entry())).toBe(second);
    expect(cache.get("0")).toBe(first);
    expect(cache.get("1")).toBeUndefined();
  });

  test("skips an entry once for any number of reads", () => {
    const cache = full(2);
    const read = cache.get("0");
    cache.get("0");
    cache.set("2", entry());
    expect(present(cache)).toContain(read);
    cache.set("3", entry());
    expect(present(cache)).not.toContain(read);
  });

  test("keeps entries that are used repeatedly, while others are added once", () => {
    const cache = full(10);
    for (let key = 0; key < 100; key++) {
      for (const often of ["3", "7"]) expect(cache.get(often)).toBeDefined();
      cache.set(`once ${key}`, entry());
    }
  });

  test("lets what came in last stay as long as all others", () => {
    const cache = full(5);
    cache.get("0");
    for (let key = 5; key < 50; key++) {
      cache.set(String(key), entry());
      expect(cache.get(String(key - 1)), `${key - 1} after ${key}`).toBeDefined();
    }
  });

  test("finds one to let go when all were asked for, without looking at more than a few", () => {
    const cache = full(1_000);
    for (let key = 0; key < 1_000; key++) cache.get(String(key));
    expect(cache.set("new", entry())).toBeDefined();
    expect([...cache.values()].filter(({ referenced: wasAsked }) => wasAsked).length).toBeGreaterThan(900);
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
        const cache = new ClockCache<{ referenced: boolean }>(capacity);
        const expected = new Map<string, object>();
        for (const { act, key } of steps) {
          if (act === "get") expect(cache.get(key)).toBe(expected.get(key));
          if (act === "delete") {
            expect(cache.delete(key)).toBe(expected.get(key));
            expected.delete(key);
          }
          if (act === "clear") {
            cache.clear();
            expected.clear();
          }
          if (act === "set") {
            const value = entry();
            expected.set(key, value);
            const gone = cache.set(key, value);
            for (const [each, kept] of expected) if (kept === gone) expected.delete(each);
          }
          expect(cache.size).toBeLessThanOrEqual(capacity);
          expect(present(cache)).toEqual(new Set(expected.values()));
          expect([...cache.values()].every((kept) => [...expected.values()].includes(kept))).toBe(true);
        }
      }),
    );
  });
});
