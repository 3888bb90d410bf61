import { expect, test } from "vitest";
import { themeFrom } from "./theme";

test("an unknown theme means the theme of the system", () => {
  expect(["light", "dark", "system"].map(themeFrom)).toEqual(["light", "dark", "system"]);
  expect([undefined, "", "sepia", "dark;"].map(themeFrom)).toEqual(["system", "system", "system", "system"]);
});
