import { expect, test } from "vitest";
import type { PublishedParameter } from "@/lib/workspaces/schema";
import { appParametersOf, choiceProblems, openingChoices } from "./parameter-choices";

const parameter = (over: Partial<PublishedParameter>): PublishedParameter => ({
  name: "LEVEL",
  type: "integer",
  label: "Level",
  description: "",
  default: null,
  optional: false,
  options: null,
  min: null,
  max: null,
  ...over,
});

const published = [parameter({ default: 100 }), parameter({ name: "DAY", type: "text", label: "Day" })];

test("unless chosen otherwise every parameter is shown with the workspace's default", () => {
  const choices = openingChoices(published, []);
  expect(choices).toEqual({ hidden: [], values: { LEVEL: "100", DAY: "" } });
  expect(appParametersOf(published, choices)).toEqual([
    { name: "LEVEL", shown: true, default: null },
    { name: "DAY", shown: true, default: null },
  ]);
});

test("what an app has is read back as it was sent", () => {
  const own = [
    { name: "LEVEL", shown: false, default: 150 },
    { name: "DAY", shown: true, default: "Mon" },
  ];
  expect(appParametersOf(published, openingChoices(published, own))).toEqual(own);
});

test("a shown parameter may be left empty; a hidden one needs a value", () => {
  expect(choiceProblems(published, { hidden: [], values: { LEVEL: "", DAY: "" } })).toEqual({});
  expect(choiceProblems(published, { hidden: ["LEVEL", "DAY"], values: { LEVEL: "", DAY: "" } })).toEqual({
    DAY: "Day is hidden, so it needs a value.",
  });
});

test("a default that the workspace would refuse is told, shown or hidden", () => {
  const problems = choiceProblems(published, { hidden: [], values: { LEVEL: "high", DAY: "" } });
  expect(problems).toEqual({ LEVEL: "Level must be a whole number." });
});
