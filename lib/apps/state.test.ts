import { describe, expect, test } from "vitest";
import { morning } from "@/testing/tokens";
import { days, later } from "../clock";
import { type AppStanding, type AppToken, faultsOf } from "./state";

const run = "workspace/Rivers/gauge-levels:run";
const tomorrow = later(morning, days(1));

const token = (settings: Partial<AppToken> = {}): AppToken => ({
  enabled: true,
  expiresAt: tomorrow,
  given: new Set([run]),
  held: new Set(["repository/Rivers:*"]),
  ...settings,
});

const app = (settings: Partial<AppStanding> = {}): AppStanding => ({
  enabled: true,
  ownerEnabled: true,
  workspace: { repository: "Rivers", name: "gauge-levels" },
  parametersFit: true,
  token: token(),
  ...settings,
});

describe("an app", () => {
  test("runs when it and its token are enabled and valid", () => {
    expect(faultsOf(app(), morning)).toEqual([]);
    expect(faultsOf(app({ token: token({ given: new Set(["*"]) }) }), morning)).toEqual([]);
  });

  test.each<[string, Partial<AppStanding>, string[]]>([
    ["it is disabled", { enabled: false }, ["app-disabled"]],
    ["its token is disabled", { token: token({ enabled: false }) }, ["token-disabled"]],
    ["its token expires at this moment", { token: token({ expiresAt: morning }) }, ["token-expired"]],
    ["its token was removed", { token: null }, ["token-removed"]],
    ["its owner is disabled", { ownerEnabled: false }, ["owner-disabled"]],
    [
      "its owner lost the permission to run the workspace",
      { token: token({ held: new Set() }) },
      ["owner-not-permitted"],
    ],
    [
      "its token lost the permission to run the workspace",
      { token: token({ given: new Set() }) },
      ["token-not-permitted"],
    ],
    ["its workspace was removed", { workspace: null }, ["workspace-removed"]],
    ["its settings no longer fit the parameters", { parametersFit: false }, ["parameters-changed"]],
    [
      "several things are wrong",
      { enabled: false, token: token({ enabled: false, given: new Set() }) },
      ["app-disabled", "token-disabled", "token-not-permitted"],
    ],
  ])("does not run when %s", (_, settings, faults) => {
    expect(faultsOf(app(settings), morning)).toEqual(faults);
  });
});
