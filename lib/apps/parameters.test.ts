import { describe, expect, test } from "vitest";
import type { PublishedParameter } from "../workspaces/schema";
import { configuredParameters, settingsOf, shownParameters, valuesOfRun } from "./parameters";
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

describe("the parameter settings of an app", () => {
  test("are completed: a parameter without a setting is shown with the workspace's default", () => {
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
  ])("are refused when one is %s", (_, given, name) => {
    expect(() => settingsOf(published, given)).toThrow(
      expect.objectContaining({ code: "invalid", field: `parameters.${name}` }),
    );
  });

  test("may hide a parameter that has a default of the app or the workspace, or is optional", () => {
    const settings = [hidden("LEVEL"), hidden("STATION", "Bergen"), hidden("DAY")];
    expect(settingsOf(published, settings)).toEqual(settings);
  });
});

describe("the parameters of an app", () => {
  const settings = [hidden("LEVEL", 200), shown("STATION", "Bergen"), shown("DAY")];
  const configured = configuredParameters(published, settings) ?? [];

  test("are, for a visitor, the shown ones with the app's defaults", () => {
    expect(shownParameters(configured)).toEqual([{ ...station, default: "Bergen" }, day]);
  });

  test("get the values that the visitor sends, and the defaults of the hidden ones", () => {
    expect(valuesOfRun(configured, { DAY: "2026-03-02" })).toEqual({
      LEVEL: 200,
      STATION: "Bergen",
      DAY: "2026-03-02",
    });
    expect(valuesOfRun(configured, { STATION: "Oslo", DAY: null })).toEqual({ LEVEL: 200, STATION: "Oslo", DAY: null });
  });

  test("cannot be sent when hidden: the refusal is the same as for an unknown one", () => {
    const refusal = (name: string) => {
      try {
        return valuesOfRun(configured, { [name]: 1 });
      } catch (error) {
        return (error as Error).message.replaceAll(name, "…");
      }
    };
    expect(refusal("LEVEL")).toBe(refusal("NONSENSE"));
    expect(refusal("LEVEL")).not.toContain("LEVEL");
    expect(() => valuesOfRun(configured, { LEVEL: null })).toThrow(
      expect.objectContaining({ code: "invalid", field: "parameters.LEVEL" }),
    );
  });

  test("that were published later are hidden; one that needs a value keeps the app from running", () => {
    const later = configuredParameters([...published, parameter("LIMIT", { default: 10 })], settings) ?? [];
    expect(valuesOfRun(later, {})).toMatchObject({ LIMIT: 10 });
    expect(shownParameters(later).map(({ name }) => name)).toEqual(["STATION", "DAY"]);
    expect(configuredParameters([...published, parameter("LIMIT")], settings)).toBeNull();
  });

  test("that were removed from the workspace are left out", () => {
    expect(configuredParameters([station], settings)?.map(({ name }) => name)).toEqual(["STATION"]);
  });

  test("with a default that the workspace now refuses: a hidden one stops the app, a shown one falls back to the workspace's default", () => {
    const narrower = { ...level, max: 150 };
    expect(configuredParameters([narrower], [hidden("LEVEL", 200)])).toBeNull();
    expect(configuredParameters([narrower], [shown("LEVEL", 200)])).toEqual([{ ...narrower, shown: true }]);
  });
});
