import { expect, test, vi } from "vitest";
import { z } from "zod";
import { parseInput } from "./validation";

test("a schema is closed once, because zod compiles each new one", () => {
  const schema = z.object({ name: z.string() });
  const closing = vi.spyOn(schema, "strict");
  for (const name of ["a", "b"]) expect(parseInput(schema, { name }, "field")).toEqual({ name });
  expect(() => parseInput(schema, { name: "a", more: 1 }, "field")).toThrow("more is not a known field.");
  expect(parseInput(schema, { name: "a", more: 1 }, "field", "ignored")).toEqual({ name: "a" });
  expect(closing).toHaveBeenCalledTimes(1);
});
