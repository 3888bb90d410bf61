import { expect, test } from "vitest";
import { allGrantable, isCovered, withoutCovered } from "./permission-choice";

test("a repository's permission covers its workspaces, and nobody else's", () => {
  const chosen = new Set(["repository/Samples:run"]);
  expect(isCovered(chosen, "workspace/Samples/nearby-earthquakes:run")).toBe(true);
  expect(isCovered(chosen, "workspace/Samples/nearby-earthquakes:read")).toBe(false);
  expect(isCovered(chosen, "workspace/Rivers/gauge-levels:run")).toBe(false);
});

test("create and manage cover access", () => {
  expect(isCovered(new Set(["repositories:create"]), "repositories:access")).toBe(true);
  expect(isCovered(new Set(["jobs:manage"]), "jobs:access")).toBe(true);
  expect(isCovered(new Set(["jobs:access"]), "jobs:manage")).toBe(false);
});

test("what is covered is not sent, and nothing covers itself", () => {
  const chosen = new Set([
    "workspace/Samples/nearby-earthquakes:run",
    "repository/Samples:run",
    "jobs:access",
    "jobs:manage",
  ]);
  expect(withoutCovered(chosen)).toEqual(["jobs:manage", "repository/Samples:run"]);
});

test("everything that can be given is one set, items and all", () => {
  const grantable = {
    allPermissions: false,
    general: ["jobs:access"],
    repositories: [
      {
        name: "Rivers",
        description: "",
        permissions: ["repository/Rivers:read"],
        workspaces: [{ name: "levels", title: "Levels", permissions: ["workspace/Rivers/levels:run"] }],
      },
    ],
    apps: [{ slug: "floods", name: "Floods", permissions: ["app/floods:manage"] }],
  };
  expect([...allGrantable(grantable)]).toEqual([
    "jobs:access",
    "repository/Rivers:read",
    "workspace/Rivers/levels:run",
    "app/floods:manage",
  ]);
});
