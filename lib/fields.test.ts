import fc from "fast-check";
import { expect, test } from "vitest";
import { isoDateTime } from "./fields";

test("a time is taken in the years from 1 to 9999, which the database can store, and refused in others", () => {
  const offset = fc.tuple(fc.constantFrom("+", "-"), fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }));
  const year = fc.oneof(fc.constantFrom(0, 1, 9999), fc.integer({ min: 0, max: 9999 }));
  const two = (count: number) => String(count).padStart(2, "0");
  fc.assert(
    fc.property(year, fc.constantFrom("01-01T00:00:00", "12-31T23:59:59.999"), offset, (year, rest, [sign, h, m]) => {
      const text = `${String(year).padStart(4, "0")}-${rest}${sign}${two(h)}:${two(m)}`;
      const utcYear = new Date(text).getUTCFullYear();
      const result = isoDateTime.safeParse(text);
      expect(result.success, text).toBe(utcYear >= 1 && utcYear <= 9999);
      if (result.success) expect(result.data.toISOString()).toMatch(/^\d{4}-/);
    }),
  );
});

test.each(["2030-01-31", "2030-02-30T00:00:00Z", "2030-01-31T09:30:00", "+012345-01-01T00:00:00Z", ""])(
  "%j is no time",
  (text) => expect(isoDateTime.safeParse(text).success).toBe(false),
);
