import { expect, test } from "vitest";
import { themeFrom } from "./theme";

test("a theme is one of ours, or the system's", () => {
  expect(["light", "dark", "system"].map(themeFrom)).toEqual(["light", "dark", "system"]);
  expect([undefined, "", "sepia", "dark;"].map(themeFrom)).toEqual(["system", "system", "system", "system"]);
});
