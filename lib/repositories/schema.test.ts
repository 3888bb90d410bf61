import fc from "fast-check";
import { expect, test } from "vitest";
import { normalizeText } from "../text";
import { itemName, repositoryPath } from "./schema";

test.each([
  ["from a Mac", "Ko\u0308ln.csv", "K\u00F6ln.csv"],
  ["from a Mac in Korean", "\u1112\u1161\u11AB\u1100\u1173\u11AF.csv", "\uD55C\uAE00.csv"],
  ["in Hindi", "\u0939\u093F\u0928\u094D\u0926\u0940", "\u0939\u093F\u0928\u094D\u0926\u0940"],
  ["in Hindi with a joiner", "\u0915\u094D\u200D\u0937", "\u0915\u094D\u200D\u0937"],
  ["in Thai", "\u0E02\u0E49\u0E2D\u0E21\u0E39\u0E25", "\u0E02\u0E49\u0E2D\u0E21\u0E39\u0E25"],
  ["in Hebrew with vowels", "\u05E9\u05B8\u05DC\u05D5\u05B9\u05DD", "\u05E9\u05B8\u05DC\u05D5\u05B9\u05DD".normalize()],
  [
    "in Persian",
    "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645",
    "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645",
  ],
])("a name %s is accepted in its normal form", (_, written, stored) => {
  expect(itemName.parse(written)).toBe(stored);
  expect(repositoryPath.parse({ repository: written })).toEqual({ repository: stored });
});

test("an accepted name fits into a file system, also with the ending of a result", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 120 }), (text) => {
      const parsed = itemName.safeParse(text);
      if (!parsed.success) return;
      expect(parsed.data).toBe(normalizeText(text));
      expect(Buffer.byteLength(`${parsed.data}-2147483647.geojson`)).toBeLessThanOrEqual(255);
    }),
  );
});

test.each([
  ["100 letters of 4 bytes", "\u{20000}".repeat(100), /230 bytes/],
  ["a letter that shows nothing", "a\u3164", /invisible/],
  ["an override", "a\u202Eb", /letters/],
  ["a mark alone", "\u0301", /letters/],
])("%s are refused", (_, name, sentence) => {
  expect(itemName.safeParse(name).error?.issues[0]?.message).toMatch(sentence);
});
