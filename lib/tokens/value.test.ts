import fc from "fast-check";
import { expect, test } from "vitest";
import { digestOf, hintOf, lastFourOf, makeValue, parseValue } from "./value";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const kinds = fc.constantFrom("api" as const, "session" as const);
const madeValue = kinds.map((kind) => ({ kind, value: makeValue(kind).reveal() }));

test("a value has a prefix that tells its kind, 40 random characters and a checksum of 6", () => {
  fc.assert(
    fc.property(madeValue, ({ kind, value }) => {
      expect(value).toMatch(kind === "api" ? /^tsa_[0-9A-Za-z]{46}$/ : /^tss_[0-9A-Za-z]{46}$/);
      expect(parseValue(value)).toBe(kind);
    }),
  );
});

test("the checksum is the CRC-32 of everything before it, in base 62, left-padded", () => {
  // Computed with Python's zlib.
  expect(parseValue("tsa_00000000000000000000000000000000000000002QLVm3")).toBe("api");
  expect(parseValue("tss_TesseraTesseraTesseraTesseraTessera00270005Pg8")).toBe("session");
});

test("a value with any character replaced is refused", () => {
  fc.assert(
    fc.property(madeValue, fc.nat(), fc.constantFrom(...alphabet), ({ value }, place, typo) => {
      const index = place % value.length;
      fc.pre(value[index] !== typo);
      expect(parseValue(value.slice(0, index) + typo + value.slice(index + 1))).toBeNull();
    }),
    { numRuns: 1_000 },
  );
});

test("a value with swapped, missing or extra characters is refused", () => {
  fc.assert(
    fc.property(madeValue, fc.nat({ max: 38 }), ({ value }, place) => {
      const index = 4 + place;
      const [left = "", right = ""] = value.slice(index, index + 2);
      fc.pre(left !== right);
      expect(parseValue(value.slice(0, index) + right + left + value.slice(index + 2))).toBeNull();
      expect(parseValue(value.slice(0, index) + value.slice(index + 1))).toBeNull();
      expect(parseValue(`${value}0`)).toBeNull();
    }),
  );
});

test("junk is refused", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (junk) => parseValue(junk) === null));
  const value = makeValue("api").reveal();
  for (const junk of ["", "tsa_", ` ${value}`, `${value}\n`, value.toUpperCase(), value.replace("tsa_", "tss_")]) {
    expect(parseValue(junk)).toBeNull();
  }
});

test("every character is as likely as any other", () => {
  const counts = new Map<string, number>();
  const values = 2_000;
  for (let made = 0; made < values; made++) {
    for (const character of makeValue("api").reveal().slice(4, 44)) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
  }
  // Chi-squared with 61 degrees of freedom: above 140 once in tens of millions of runs. A modulo bias gives thousands.
  const expected = (values * 40) / alphabet.length;
  const distance = [...alphabet].reduce((sum, each) => sum + ((counts.get(each) ?? 0) - expected) ** 2 / expected, 0);
  expect(distance).toBeLessThan(140);
});

test("a digest is SHA-256", () => {
  expect(digestOf("abc").toString("hex")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("a hint has the prefix and the last four characters", () => {
  const value = makeValue("session");
  expect(hintOf("session", lastFourOf(value))).toBe(`tss_…${value.reveal().slice(-4)}`);
});
