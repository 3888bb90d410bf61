import { expect, test } from "vitest";
import { defaultOutput, outputOf, parseWorkspaceFile } from "./file";

const file = (header: string, query = "SELECT 1 AS one") => `/*---\n${header}\n---*/\n${query}\n`;

test("a file consists of a header and a query", () => {
  const parsed = parseWorkspaceFile(
    file(
      `title: Rain
description: Where it rained.
output: json
parameters:
  - { name: LEVEL, type: number, label: Level, default: 3, min: 0, max: 10 }
  - { name: SINCE, type: date, optional: true, max: 2030-12-31 }
  - { name: KIND, type: choice, options: [2012, { value: NO, label: Norway }] }`,
      "SELECT * FROM rain -- all of it",
    ),
  );
  expect(parsed).toMatchObject({ title: "Rain", description: "Where it rained.", output: "json" });
  expect(parsed.sql.trim()).toBe("SELECT * FROM rain -- all of it");
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
  expect(line(parseWorkspaceFile(source).sql)).toBe(line(source));
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
  [file("title: A\noutput: csv\nowner: eve"), "header", /owner/],
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
