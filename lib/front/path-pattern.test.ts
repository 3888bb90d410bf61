import fc from "fast-check";
import { expect, test } from "vitest";
import { pathPattern } from "./path-pattern";

/** The same as a regular expression, which is right but can take very long. */
const slowly = (pattern: string) =>
  new RegExp(
    `^${pattern
      .split(/(\*\*|\*)/)
      .map((part) => ({ "**": ".*", "*": "[^/]+" })[part] ?? part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join("")}$`,
    "su",
  );

test("matches what a regular expression matches", () => {
  const pieces = fc.array(fc.constantFrom("/", "a", "b", ".", "*", "**", "😀", "\n", "["), { maxLength: 8 });
  const letters = fc.array(fc.constantFrom("/", "a", "b", ".", "😀", "\n", "["), { maxLength: 8 });
  fc.assert(
    fc.property(pieces, letters, (pattern, path) => {
      const [text, wanted] = [pattern.join(""), path.join("")];
      expect(pathPattern(text).test(wanted)).toBe(slowly(text).test(wanted));
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ["/reports/*", "/reports/may", true],
  ["/reports/*", "/reports/", false],
  ["/reports/*", "/reports/may/1", false],
  ["/reports/**", "/reports/", true],
  ["/reports/**/x", "/reports/a/b/x", true],
  ["/*.csv", "/a.csv", true],
  ["/*.csv", "/.csv", false],
])("%s on %s: %s", (pattern, path, expected) => {
  expect(pathPattern(pattern).test(path)).toBe(expected);
});
