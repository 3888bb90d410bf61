import fc from "fast-check";
import { expect, test } from "vitest";
import { isStorable } from "../text";
import { defaultOutput, outputOf, parseWorkspaceFile, splitSource } from "./file";

const file = (header: string, query = "SELECT 1 AS one") => `/*---\n${header}\n---*/\n${query}\n`;

test("a file consists of a header and a query", () => {
  const source = file(
    `title: Rain
description: Where it rained.
output: json
parameters:
  - { name: LEVEL, type: number, label: Level, default: 3, min: 0, max: 10 }
  - { name: SINCE, type: date, optional: true, max: 2030-12-31 }
  - { name: KIND, type: choice, options: [2012, { value: NO, label: Norway }] }`,
    "SELECT * FROM rain -- all of it",
  );
  const parsed = parseWorkspaceFile(source);
  expect(parsed).toMatchObject({ title: "Rain", description: "Where it rained.", output: "json" });
  expect(splitSource(source).sql.trim()).toBe("SELECT * FROM rain -- all of it");
  expect(parsed.parameters).toEqual([
    {
      name: "LEVEL",
      type: "number",
      label: "Level",
      description: "",
      default: 3,
      optional: false,
      options: null,
      min: 0,
      max: 10,
    },
    {
      name: "SINCE",
      type: "date",
      label: "SINCE",
      description: "",
      default: null,
      optional: true,
      options: null,
      min: null,
      max: "2030-12-31",
    },
    {
      name: "KIND",
      type: "choice",
      label: "KIND",
      description: "",
      default: null,
      optional: false,
      options: [
        { value: "2012", label: "2012" },
        { value: "NO", label: "Norway" },
      ],
      min: null,
      max: null,
    },
  ]);
});

test("lines of the query keep their line numbers", () => {
  const source = file("title: A\noutput: csv", "\nSELECT\n  here");
  const line = (text: string) => text.split("\n").findIndex((each) => each.includes("here"));
  expect(line(splitSource(source).sql)).toBe(line(source));
});

test("a parameter can select the output", () => {
  const header =
    "title: A\noutput: $FORMAT\nparameters: [{ name: FORMAT, type: choice, options: [csv, json], default: csv }]";
  const parsed = parseWorkspaceFile(file(header));
  expect(defaultOutput(parsed)).toBe("csv");
  expect(outputOf(parsed.output, { FORMAT: "json" })).toBe("json");
});

const withParameter = (parameter: string) => `title: A\noutput: csv\nparameters: [${parameter}]`;

test.each([
  ["SELECT 1", "header", /must start with a header/],
  [file("title: A\noutput: csv", " "), "query", /no query/],
  [file("title: [A\noutput: csv"), "header", /not valid YAML/],
  [file("a: &a [x]\ntitle: *a\noutput: csv"), "header", /aliases/],
  [file("output: csv"), "title", /must be text/],
  [file("title: A\noutput: xml"), "output", /must be one of geojson, json, csv, parquet/],
  [file("title: A\noutput: $FORMAT"), "output", /choice parameter with these options and a default/],
  [file("title: A\noutput: csv\nowner: eve"), "owner", /owner/],
  [file(withParameter("{ name: 2X, type: text }")), "parameters.0.name", /start with a letter/],
  [file(withParameter("{ name: X, type: colour }")), "parameters.0.type", /must be one of text, integer/],
  [file(withParameter("{ name: X, type: text }, { name: x, type: text }")), "parameters.x.name", /only once/],
  [
    file(withParameter("{ name: X, type: choice }")),
    "parameters.X.options",
    /options are required for the type choice/,
  ],
  [file(withParameter("{ name: X, type: text, options: [a] }")), "parameters.X.options", /only allowed there/],
  [file(withParameter("{ name: X, type: choice, options: [a, a] }")), "parameters.X.options", /only once/],
  [file(withParameter("{ name: X, type: choice, options: [a], default: b }")), "parameters.X.default", /one of a/],
  [file(withParameter("{ name: X, type: text, min: 1 }")), "parameters.X.min", /min is not allowed for the type text/],
  [file(withParameter("{ name: X, type: date, max: tomorrow }")), "parameters.X.max", /must be a date/],
  [file(withParameter("{ name: X, type: number, min: 5, max: 1 }")), "parameters.X.min", /greater than max/],
  [file("title: A\noutput: csv\nbody: NOTHING"), "body", /ignored, or the name of a parameter of type text/],
  [file("body: X\ntitle: A\noutput: csv\nparameters: [{ name: X, type: integer }]"), "body", /of type text/],
  [file("{ title: A, output: csv, body: ignored }"), "body", /on a line of its own/],
  [file("title: A\noutput: csv\nbody:\n  ignored"), "body", /on a line of its own/],
  [file("title: A\noutput: csv\nbody: 5"), "body", /must be ignored, or the name of a parameter/],
  [file(withParameter("{ name: X, type: number, max: 5, default: 6 }")), "parameters.X.default", /at most 5/],
])("%j is refused, at %s", (source, field, detail) => {
  expect(() => parseWorkspaceFile(source)).toThrow(
    expect.objectContaining({ code: "invalid", field, message: expect.stringMatching(detail) }),
  );
});

const parameterOf = (written: string) => {
  const [parameter] = parseWorkspaceFile(file(withParameter(written))).parameters;
  if (!parameter) throw new Error("There is no parameter.");
  return parameter;
};

const spellings = ["01", "3.10", "02134", "yes", "No", "1e3", "2026-01-31", "null", "~", "true", "0x1F", ".5", "-0"];

test.each([...spellings, "12345678901234567890", "1_000", ".inf", "=", "<<", "0o17", "+4"])(
  "the default %s of a text parameter and of a choice is that text",
  (text) => {
    expect(parameterOf(`{ name: X, type: text, default: ${text} }`).default).toBe(text);
    const choice = parameterOf(
      `{ name: X, type: choice, options: [${text}, { value: a, label: ${text} }], default: ${text} }`,
    );
    expect(choice).toMatchObject({
      default: text,
      options: [
        { value: text, label: text },
        { value: "a", label: text },
      ],
    });
  },
);

test("titles, labels and descriptions keep their spelling too", () => {
  const { title, description } = parseWorkspaceFile(file("title: 2024.10\noutput: csv\ndescription: 1e3"));
  expect([title, description]).toEqual(["2024.10", "1e3"]);
});

test("any text survives a header as a quoted default and as an option", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => {
      fc.pre(isStorable(text));
      const quoted = JSON.stringify(text);
      expect(parameterOf(`{ name: X, type: text, default: ${quoted} }`).default).toBe(text);
      expect(
        parameterOf(`{ name: X, type: choice, options: [{ value: ${quoted}, label: x }] }`).options?.[0]?.value,
      ).toBe(text);
    }),
  );
});

test.each([
  ["{ name: X, type: number, default: 3.10 }", 3.1],
  ["{ name: X, type: number, default: 1e3 }", 1000],
  ["{ name: X, type: number, default: ~ }", null],
  ["{ name: X, type: date, default: null }", null],
  ["{ name: X, type: date, default: 2026-01-31 }", "2026-01-31"],
  ["{ name: X, type: boolean, default: TRUE }", true],
  ["{ name: X, type: integer, default: 007 }", 7],
  ["{ name: X, type: integer, default: 9007199254740993 }", "9007199254740993"],
  [
    "{ name: X, type: integer, min: 9007199254740992, max: 9223372036854775807, default: 9007199254740993 }",
    "9007199254740993",
  ],
  ["{ name: X, type: text, default: }", null],
  ['{ name: X, type: text, default: "" }', ""],
  ["{ name: X, type: text, default: !!str 01 }", "01"],
])("the type decides what a default means: %s", (written, expected) => {
  expect(parameterOf(written).default).toBe(expected);
});

test.each([
  ["{ name: X, type: integer, default: 9223372036854775808 }", /X must be a whole number/],
  ["{ name: X, type: integer, max: 9007199254740992, default: 9007199254740993 }", /at most 9007199254740992/],
  ["{ name: X, type: integer, min: 9007199254740993, max: 9007199254740992 }", /greater than max/],
  ["{ name: X, type: boolean, default: yes }", /true or false/],
  ["{ name: X, type: text, optional: yes }", /true or false/],
])("%s is refused", (written, detail) => {
  expect(() => parameterOf(written)).toThrow(detail);
});

test.each([
  ['title: "a\\0b"', /NUL.*\(line 2\)/],
  ['title: A\noutput: "\\ud800"', /half a surrogate pair.*\(line 3\)/],
  ['title: A\n"\\udc00": x', /half a surrogate pair.*\(line 3\)/],
  ["title: A\noutput: csv\ntitle: B", /title twice.*\(line 4\)/],
  ["title: A\n__proto__: x", /__proto__.*\(line 3\)/],
  ["title: A\noutput: [", /not valid YAML.*\(line \d\)/],
  ["a: &a [x]\nb: *a", /aliases.*\(line 3\)/],
  ["title: !!binary aaaa", /tag.*\(line 2\)/],
  [`title: ${"[".repeat(20)}${"]".repeat(20)}`, /nested deeper than 8/],
  [`title: [${"a,".repeat(30_000)}]`, /more than 20000 values/],
  [`x: ${"a".repeat(70_000)}`, /at most 65536 characters/],
  ["", /must be keys and values/],
  ["- a", /must be keys and values/],
])("a header like %.40j is refused with its line", (header, detail) => {
  expect(() => parseWorkspaceFile(file(header))).toThrow(
    expect.objectContaining({ code: "invalid", message: expect.stringMatching(detail) }),
  );
});

test("lines are counted from the start of the file", () => {
  expect(() => parseWorkspaceFile(`\n\n/*---\r\ntitle: "\\0"\r\n---*/SELECT 1`)).toThrow(/\(line 4\)/);
});
