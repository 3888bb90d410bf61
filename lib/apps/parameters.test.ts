import { describe, expect, test } from "vitest";
import type { PublishedParameter } from "../workspaces/schema";
import { configuredParameters, settingsOf, shownOf, valuesOfRun } from "./parameters";
import type { AppParameter } from "./schema";

const parameter = (name: string, rest: Partial<PublishedParameter> = {}): PublishedParameter => ({
  ...{ name, type: "integer", label: name, description: "", default: null, optional: false, options: null },
  ...{ min: null, max: null },
  ...rest,
});

const level = parameter("LEVEL", { default: 100, min: 0, max: 1000 });
const station = parameter("STATION", { type: "text" });
const day = parameter("DAY", { type: "date", optional: true });
const published = [level, station, day];

const shown = (name: string, value: AppParameter["default"] = null) => ({ name, shown: true, default: value });
const hidden = (name: string, value: AppParameter["default"] = null) => ({ name, shown: false, default: value });

describe("what an app is told about parameters", () => {
  test("is made whole: what it does not mention is shown with the workspace's default", () => {
    expect(settingsOf(published, [hidden("LEVEL", "200")])).toEqual([
      hidden("LEVEL", 200),
      shown("STATION"),
      shown("DAY"),
    ]);
  });

  test.each([
    ["unknown", [shown("COLOUR")], "COLOUR"],
    ["there twice", [shown("LEVEL"), hidden("LEVEL")], "LEVEL"],
    ["of the wrong type", [shown("LEVEL", "high")], "LEVEL"],
    ["out of range", [shown("LEVEL", 1001)], "LEVEL"],
    ["hidden without a value to run with", [hidden("STATION")], "STATION"],
  ])("is refused when one is %s", (_, given, name) => {
    expect(() => settingsOf(published, given)).toThrow(
      expect.objectContaining({ code: "invalid", field: `parameters.${name}` }),
    );
  });

  test("may hide one with a default of its own, of the workspace, or that is optional", () => {
    const settings = [hidden("LEVEL"), hidden("STATION", "Bergen"), hidden("DAY")];
    expect(settingsOf(published, settings)).toEqual(settings);
  });
});

describe("the parameters of an app", () => {
  const settings = [hidden("LEVEL", 200), shown("STATION", "Bergen"), shown("DAY")];
  const treated = configuredParameters(published, settings) ?? [];

  test("are, to a visitor, the shown ones, with the app's defaults", () => {
    expect(shownOf(treated)).toEqual([{ ...station, default: "Bergen" }, day]);
  });

  test("take what the visitor sends, and the defaults of the hidden ones", () => {
    expect(valuesOfRun(treated, { DAY: "2026-03-02" })).toEqual({ LEVEL: 200, STATION: "Bergen", DAY: "2026-03-02" });
    expect(valuesOfRun(treated, { STATION: "Oslo", DAY: null })).toEqual({ LEVEL: 200, STATION: "Oslo", DAY: null });
  });

  test("are not sent when hidden: a hidden one is as unknown as one that never was", () => {
    const refusal = (name: string) => {
      try {
        return valuesOfRun(treated, { [name]: 1 });
      } catch (error) {
        return (error as Error).message.replaceAll(name, "…");
      }
    };
    expect(refusal("LEVEL")).toBe(refusal("NONSENSE"));
    expect(refusal("LEVEL")).not.toContain("LEVEL");
    expect(() => valuesOfRun(treated, { LEVEL: null })).toThrow(
      expect.objectContaining({ code: "invalid", field: "parameters.LEVEL" }),
    );
  });

  test("that were published since are hidden; one that needs a value keeps the app from running", () => {
    const later = configuredParameters([...published, parameter("LIMIT", { default: 10 })], settings) ?? [];
    expect(valuesOfRun(later, {})).toMatchObject({ LIMIT: 10 });
    expect(shownOf(later).map(({ name }) => name)).toEqual(["STATION", "DAY"]);
    expect(configuredParameters([...published, parameter("LIMIT")], settings)).toBeNull();
  });

  test("that are gone are forgotten", () => {
    expect(configuredParameters([station], settings)?.map(({ name }) => name)).toEqual(["STATION"]);
  });

  test("a hidden default that the workspace refuses now is not replaced by another; a shown one is", () => {
    const narrower = { ...level, max: 150 };
    expect(configuredParameters([narrower], [hidden("LEVEL", 200)])).toBeNull();
    expect(configuredParameters([narrower], [shown("LEVEL", 200)])).toEqual([{ ...narrower, shown: true }]);
  });
});
