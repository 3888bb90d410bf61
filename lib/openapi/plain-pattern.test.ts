import fc from "fast-check";
import { expect, test } from "vitest";
import { routes } from "@/app/api/v1/routes";
import { itemName } from "../repositories/schema";
import { describeApi } from "./document";
import { plainPattern } from "./plain-pattern";

const source = String.raw`^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}._ -]{0,98}[\p{L}\p{N}_-])?$`;

test("a pattern without the u flag accepts what the server does, with the flag and without it", () => {
  const plain = plainPattern(source);
  const name = fc.stringMatching(/^[A-Za-zäß漢𠀀ก०_][A-Za-zäß漢𠀀ก०_. -]{0,97}[A-Za-z漢𠀀]$/u);
  fc.assert(
    fc.property(name, (text) => {
      expect(new RegExp(source, "u").test(text)).toBe(true);
      expect([new RegExp(plain).test(text), new RegExp(plain, "u").test(text)]).toEqual([true, true]);
    }),
  );
  for (const wrong of ["", ".a", "a.", "a/b", "a:b", "a\0b", " a", "a%"]) {
    expect([new RegExp(plain).test(wrong), new RegExp(plain, "u").test(wrong)], wrong).toEqual([false, false]);
  }
});

test("no pattern of the API document needs a flag", () => {
  const text = JSON.stringify(describeApi(routes, "/"));
  const patterns = [...text.matchAll(/"pattern":("(?:\\.|[^"\\])*")/g)].map(
    ([, json = ""]) => JSON.parse(json) as string,
  );
  expect(patterns.length).toBeGreaterThan(3);
  for (const pattern of patterns) {
    expect(pattern).not.toContain(String.raw`\p{`);
    for (const flags of ["", "u"]) expect(() => new RegExp(pattern, flags)).not.toThrow();
  }
  const names = patterns.filter(
    (pattern) => itemName.safeParse("Grüße.csv").success && new RegExp(pattern).test("Grüße.csv"),
  );
  expect(names.length).toBeGreaterThan(0);
});
