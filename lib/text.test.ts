import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { description, personName, printableName, searchText } from "./fields";
import { containsNormalized, directionControlsSentence, hasInvisible, normalizeText, visibleText } from "./text";

/** Text of letters, marks, joiners and emoji of many scripts, in any normal form. */
const lively = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "\u200C",
        "\u200D",
        "\u0301",
        "\u0308",
        "\u094D",
        "\u0E49",
        "\u05B8",
        "\uFE0F",
        "\u1100",
        "\u1161",
      ),
      fc.constantFrom(
        "a",
        "\u00E9",
        "\u0627",
        "\u06CC",
        "\u0915",
        "\u0937",
        "\u0D28",
        "\u{1F468}",
        "\u{1F33E}",
        "\uAC00",
        "\u212B",
      ),
      fc.string({ unit: "binary", maxLength: 2 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

describe("normalised text", () => {
  test("stays the same when it is normalised again", () => {
    fc.assert(fc.property(lively, (text) => void expect(normalizeText(normalizeText(text))).toBe(normalizeText(text))));
  });

  test("is the same for all canonically equivalent spellings", () => {
    fc.assert(
      fc.property(lively, (text) => {
        for (const form of ["NFC", "NFD"]) expect(normalizeText(text.normalize(form))).toBe(normalizeText(text));
      }),
    );
  });

  test.each([
    ["Persian", "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645"],
    ["Hindi", "\u0915\u094D\u200D\u0937"],
    ["Malayalam at the end of a word", "\u0D28\u0D4D\u200D"],
    ["an emoji of two persons", "\u{1F468}\u200D\u{1F33E}"],
  ])("keeps a joiner that shows: %s", (_, text) => expect(normalizeText(text)).toBe(text));

  test.each([
    "K\u00F6ln\u200D",
    "\u200Cnightly",
    "a\u200Db",
    "\u4E2D\u200C\u6587",
    "\u0645\u200C 1",
    "\u05D0\u200D\u05D1",
  ])("has no joiner that joins nothing: %j", (text) =>
    expect(normalizeText(text)).toBe(text.replace(/[\u200C\u200D]/g, "")),
  );

  test("contains a part in any case and spelling", () => {
    expect(containsNormalized("Zu\u0308rich", "\u00DCR")).toBe(true);
    expect(containsNormalized("Z\u00FCrich", "u\u0308r")).toBe(true);
    expect(containsNormalized("Zurich", "\u00FCr")).toBe(false);
  });
});

describe("names", () => {
  const fields = { printableName: printableName("token"), personName };

  test.each(Object.entries(fields))("%s of any script are accepted, with marks and joiners", (_, field) => {
    const names = [
      "\u0939\u093F\u0928\u094D\u0926\u0940",
      "\u0E44\u0E17\u0E22\u0E49",
      "\u05E9\u05C1\u05B8\u05DC",
      "\u0645\u06CC\u200C\u062E",
    ];
    for (const name of names) expect(field.parse(name)).toBe(normalizeText(name));
  });

  test.each(Object.entries(fields))("%s with direction controls are refused in a clear sentence", (_, field) => {
    fc.assert(
      fc.property(
        fc.constantFrom(..."\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069"),
        fc.string(),
        fc.string(),
        (control, before, after) => {
          const messages = field.safeParse(`a${before}${control}${after}`).error?.issues.map(({ message }) => message);
          expect(messages).toContain(directionControlsSentence);
        },
      ),
    );
  });

  test.each(Object.entries(fields))(
    "%s are stored in their normal form, and never with invisible characters",
    (_, field) => {
      fc.assert(
        fc.property(lively, (text) => {
          const parsed = field.safeParse(text);
          if (!parsed.success) return;
          expect(parsed.data).toBe(normalizeText(text).trim());
          expect(hasInvisible(parsed.data)).toBe(false);
        }),
      );
    },
  );
});

test("visible text has nothing invisible and keeps the rest", () => {
  expect(visibleText("Ada\u200B \u202ELovelace\u0000")).toBe("Ada Lovelace");
  fc.assert(fc.property(lively, (text) => void expect(hasInvisible(visibleText(text))).toBe(false)));
});

test("descriptions and searches are normalised too", () => {
  expect(description.parse("Zu\u0308rich\n")).toBe("Z\u00FCrich\n");
  expect(searchText.parse(" Zu\u0308r ")).toBe("Z\u00FCr");
});
