import fc from "fast-check";
import { expect, test } from "vitest";
import { coerce } from "./parameter-rules";
import { runValues } from "./run-values";
import type { PublishedParameter } from "./schema";

const plain = { label: "", description: "", default: null, optional: false, options: null, min: null, max: null };
const parameter = (name: string, type: PublishedParameter["type"], more: Partial<PublishedParameter> = {}) => ({
  ...plain,
  name,
  type,
  ...more,
});
const options = ["csv", "json"].map((value) => ({ value, label: value }));
const withEmpty = [{ value: "", label: "All" }, ...options];

test.each([
  [parameter("X", "number"), "34.5", 34.5],
  [parameter("X", "number"), "-1e2", -100],
  [parameter("X", "integer"), "7", 7],
  [parameter("X", "integer"), 7, 7],
  [parameter("X", "boolean"), "true", true],
  [parameter("X", "boolean"), false, false],
  [parameter("X", "date"), "2024-02-29", "2024-02-29"],
  [parameter("X", "text"), 12, "12"],
  [parameter("X", "text"), "", ""],
  [parameter("X", "choice", { options }), "json", "json"],
  [parameter("X", "choice", { options: withEmpty, default: "csv" }), "", ""],
  [parameter("X", "choice", { options, default: "csv" }), "", "csv"],
  [parameter("X", "number", { default: 4 }), null, 4],
  [parameter("X", "number", { default: 4 }), "", 4],
  [parameter("X", "number", { optional: true }), null, null],
])("a value is converted to the parameter's type (row %#)", (published, given, expected) => {
  expect(runValues([published], { X: given })).toEqual({ X: expected });
});

test.each([
  [parameter("X", "number"), "1,5", "X must be a number."],
  [parameter("X", "number"), "Infinity", "X must be a number."],
  [parameter("X", "number"), `${"1".repeat(500_000)}x`, "X must be a number."],
  [parameter("X", "number", { min: 1, max: 5 }), 6, "X must be a number from 1 to 5."],
  [parameter("X", "integer"), 1.5, "X must be a whole number."],
  [parameter("X", "integer"), "9223372036854775808", "X must be a whole number."],
  [parameter("X", "integer"), 2 ** 53, "X must be a whole number."],
  [
    parameter("X", "integer", { max: "9007199254740992" }),
    "9007199254740993",
    "X must be a whole number, at most 9007199254740992.",
  ],
  [parameter("X", "integer", { min: 0 }), -1, "X must be a whole number, at least 0."],
  [parameter("X", "boolean"), "yes", "X must be true or false."],
  [parameter("X", "boolean"), "constructor", "X must be true or false."],
  [parameter("X", "date"), "2023-02-29", "X must be a date like 2026-01-31."],
  [
    parameter("X", "date", { min: "2020-01-01" }),
    "2019-12-31",
    "X must be a date like 2026-01-31, at least 2020-01-01.",
  ],
  [parameter("X", "choice", { options }), "xml", "X must be one of csv, json."],
  [parameter("X", "text"), "a\0b", "X must be text of at most 65536 characters."],
  [parameter("X", "text"), "a".repeat(65_537), "X must be text of at most 65536 characters."],
  [parameter("X", "number"), null, "X is missing. X must be a number."],
])("a value that breaks the rule is refused with the rule (row %#)", (published, given, detail) => {
  expect(() => runValues([published], { X: given })).toThrow(
    expect.objectContaining({ code: "invalid", field: "parameters.X", message: detail }),
  );
});

test("integers keep 64 bits, and are numbers as long as JavaScript can tell them apart", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      const { X } = runValues([parameter("X", "integer")], { X: String(value) });
      expect(X).toBe(Number.isSafeInteger(Number(value)) ? Number(value) : String(value));
      expect(coerce(parameter("X", "integer", { min: String(value), max: String(value) }), String(value))).toBe(X);
    }),
  );
});

test("a parameter that is not published is refused by name", () => {
  expect(() => runValues([parameter("X", "text")], { X: "", y: 1 })).toThrow(
    expect.objectContaining({ field: "parameters.y", message: "There is no parameter y. Available: X." }),
  );
});

test("inherited properties of objects are not taken as given values", () => {
  expect(() => runValues([parameter("constructor", "text")], {})).toThrow(/constructor is missing/);
});
