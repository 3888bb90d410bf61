import { expect, test } from "vitest";
import { membersOf, referredName, typeWords } from "./schema-labels";

test.each([
  [{ type: "string" }, "text"],
  [{ type: "string", maxLength: 100 }, "text, at most 100 characters"],
  [{ type: "integer", minimum: 1, maximum: 100 }, "whole number, 1 to 100"],
  [{ type: "number", minimum: 0 }, "number, at least 0"],
  [{ type: "string", format: "date-time" }, "date and time"],
  [{ type: "string", enum: ["api", "session"] }, '"api" or "session"'],
  [{ type: "array", items: { $ref: "#/components/schemas/Token" } }, "list of Token"],
  [{ anyOf: [{ type: "string" }, { type: "number" }, { type: "null" }] }, "text, number or null"],
  [{}, "anything"],
])("%o is %s", (schema, words) => {
  expect(typeWords(schema)).toBe(words);
});

test("a list has the members of what is in it, unless that has a name of its own", () => {
  const object = { type: "object", properties: { id: { type: "string" } }, required: ["id"] };
  expect(membersOf({ type: "array", items: object })).toEqual([
    { name: "id", schema: { type: "string" }, required: true },
  ]);
  const named = { type: "array", items: { $ref: "#/components/schemas/Token" } };
  expect(membersOf(named)).toEqual([]);
  expect(referredName(named)).toBe("Token");
});
