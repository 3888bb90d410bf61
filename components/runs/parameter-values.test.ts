import fc from "fast-check";
import { expect, test } from "vitest";
import { Refusal } from "@/lib/errors";
import { runValues } from "@/lib/workspaces/run-values";
import type { ParameterType, ParameterValue, PublishedParameter } from "@/lib/workspaces/schema";
import { openingValues, problemsOf, runParameters } from "./parameter-values";

const parameter = (over: Partial<PublishedParameter>): PublishedParameter => ({
  name: "P",
  type: "text",
  label: "The value",
  description: "",
  default: null,
  optional: false,
  options: null,
  min: null,
  max: null,
  ...over,
});

const choice = (value: string) => ({ value, label: value });

const problem = (over: Partial<PublishedParameter>, written: string) =>
  problemsOf([parameter(over)], { P: written }).P ?? null;

test("the form starts with the values of the URL, else with the defaults, else with nothing", () => {
  const parameters = [
    parameter({ name: "A", type: "number", default: 4.5 }),
    parameter({ name: "B", type: "number", default: 4.5 }),
    parameter({ name: "C" }),
    parameter({ name: "D", type: "boolean" }),
    parameter({ name: "E", type: "boolean", optional: true }),
  ];
  expect(openingValues(parameters, { A: "7" })).toEqual({ A: "7", B: "4.5", C: "", D: "false", E: "" });
});

test("an option can be empty text, and is sent then", () => {
  const published = parameter({ type: "choice", options: [choice(""), choice("a")], default: "a" });
  expect(problemsOf([published], { P: "" })).toEqual({});
  expect(runParameters([published], { P: "" })).toEqual({ P: "" });
  expect(runParameters([{ ...published, options: [choice("a")] }], { P: "" })).toEqual({});
});

test("a problem names the parameter as people know it and says the rule", () => {
  expect(problem({ type: "number", min: 1, max: 20_100 }, "0")).toBe("The value must be a number from 1 to 20100.");
  expect(problem({ type: "integer" }, "1.5")).toBe("The value must be a whole number.");
  expect(problem({ type: "date", min: "2020-01-01" }, "2019-12-31")).toBe(
    "The value must be a date like 2026-01-31 from 2020-01-01 on.",
  );
  expect(problem({}, " ")).toBe("The value is required.");
});

test("what is optional or has a default may be left empty, and is then not sent", () => {
  const parameters = [
    parameter({ name: "A", type: "number", optional: true }),
    parameter({ name: "B", type: "date", default: "2026-01-31" }),
  ];
  expect(problemsOf(parameters, { A: "", B: "" })).toEqual({});
  expect(runParameters(parameters, { A: "", B: "" })).toEqual({});
});

test("a text whose default is cleared is sent empty: that is what was meant", () => {
  const parameters = [parameter({ default: "Seattle" })];
  expect(runParameters(parameters, { P: "" })).toEqual({ P: "" });
});

test("values are sent as their type has them", () => {
  const parameters = [
    parameter({ name: "A", type: "number" }),
    parameter({ name: "B", type: "boolean" }),
    parameter({ name: "C", type: "text" }),
    parameter({ name: "D", type: "choice", options: [{ value: "1", label: "One" }] }),
  ];
  const written = { A: " 1e3 ", B: "false", C: " as it is ", D: "1" };
  expect(runParameters(parameters, written)).toEqual({ A: 1000, B: false, C: " as it is ", D: "1" });
});

test.each<[string, Partial<PublishedParameter>, string, string]>([
  ["a NUL character", {}, "a\0b", "The value must be text of at most 65536 characters."],
  ["half a surrogate pair", {}, "\ud800", "The value must be text of at most 65536 characters."],
  ["too long a text", {}, "x".repeat(65_537), "The value must be text of at most 65536 characters."],
  ["too long a number", { type: "number" }, "1".repeat(41), "The value must be a number."],
  [
    "a choice with spaces around it",
    { type: "choice", options: [choice("a")] },
    " a ",
    "The value must be one of the options.",
  ],
])("the form warns of %s, which the server refuses", (_, over, written, sentence) => {
  expect(problem(over, written)).toBe(sentence);
  expect(acceptedBy(parameter(over), { P: written })).toBeNull();
});

test("a choice is sent with the spaces that its option has", () => {
  const published = parameter({ type: "choice", options: [choice(" a ")] });
  expect(problemsOf([published], { P: " a " })).toEqual({});
  expect(runParameters([published], { P: " a " })).toEqual({ P: " a " });
});

test("the form and the server agree on what may be run", () => {
  const type = fc.constantFrom<ParameterType>("text", "integer", "number", "choice", "boolean", "date");
  const written = fc.oneof(
    fc.constantFrom("", "0", "-3", "7", "1e2", "1.", ".5", "+4", "0x10", "Infinity", "NaN", "12345678901234567890"),
    fc.constantFrom("true", "false", "yes", "a", "b", " c ", "2026-01-31", "2026-02-30", "2019-06-01", "31.01.2026"),
    fc.constantFrom("\0", "a\0b", "\ud800", "\ud83d\ude00", "x".repeat(65_536), "x".repeat(65_537), "1".repeat(41)),
    fc.string({ unit: "binary", maxLength: 5 }),
    fc.integer().map(String),
    fc.double().map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
  );
  fc.assert(
    fc.property(type, fc.boolean(), fc.boolean(), written, (kind, optional, bounded, text) => {
      const published = parameter({
        type: kind,
        optional,
        options: kind === "choice" ? ["a", " c "].map((value) => ({ value, label: value })) : null,
        ...(bounded ? boundsOf(kind) : {}),
      });
      const allowed = Object.keys(problemsOf([published], { P: text })).length === 0;
      const accepted = acceptedBy(published, sentAs(kind, text));
      expect(allowed, `${kind} ${JSON.stringify(text)}`).toBe(accepted !== null);
      if (allowed) expect(acceptedBy(published, runParameters([published], { P: text }))).toEqual(accepted);
    }),
    { numRuns: 2_000 },
  );
});

/** The parameters that a form sends: none for an empty field, and the value without surrounding space where it has no meaning. */
function sentAs(type: ParameterType, text: string): Record<string, string> {
  if (text === "" || (type !== "choice" && text.trim() === "")) return {};
  return { P: type === "text" || type === "choice" ? text : text.trim() };
}

const boundsOf = (type: ParameterType) => {
  if (type === "integer" || type === "number") return { min: 0, max: 10 };
  return type === "date" ? { min: "2020-01-01", max: null } : {};
};

/** The values with which the server would run, or null if it would refuse them. */
function acceptedBy(published: PublishedParameter, given: Record<string, ParameterValue>) {
  try {
    return runValues([published], given);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
