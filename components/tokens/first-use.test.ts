import { expect, test } from "vitest";
import type { GrantableItems } from "@/lib/tokens/schema";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import { firstUseOf, runnableBy } from "./first-use";

const workspace = (repository: string, name: string, actions: string[]) => ({
  name,
  title: name,
  permissions: actions.map((action) => `workspace/${repository}/${name}:${action}`),
});

const grantable: GrantableItems = {
  allPermissions: true,
  general: [],
  repositories: [
    {
      name: "Rivers",
      description: "",
      permissions: [],
      workspaces: [workspace("Rivers", "levels", ["read"]), workspace("Rivers", "floods", ["read", "run"])],
    },
    {
      name: "Samples",
      description: "",
      permissions: ["repository/Samples:run"],
      workspaces: [workspace("Samples", "airports", ["read", "run"])],
    },
  ],
  apps: [],
};

test("the first workspace that a token may run is one that its owner may run too", () => {
  const runs = (permissions: string[], allPermissions = false) =>
    runnableBy({ allPermissions, permissions }, grantable);
  expect(runs(["workspace/Samples/airports:run"])).toMatchObject({ repository: "Samples", name: "airports" });
  expect(runs(["repository/Samples:run"])).toMatchObject({ name: "airports" });
  expect(runs([], true)).toMatchObject({ repository: "Rivers", name: "floods" });
  expect(runs(["workspace/Rivers/levels:run"])).toBeNull();
  expect(runs(["repository/Samples:read"])).toBeNull();
});

const parameter = { label: "", description: "", default: null, optional: false, options: null, min: null, max: null };

test("the command gives every parameter a value of its type", () => {
  const airports: WorkspaceView = {
    repository: "Samples",
    name: "airports",
    title: "Airports",
    description: "",
    output: "csv",
    owner: "root",
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:00:00Z",
    can: { run: true, download: true, replace: false, remove: false },
    parameters: [
      { ...parameter, name: "STATE", type: "choice", options: [{ value: "CA", label: "California" }] },
      { ...parameter, name: "SINCE", type: "integer", min: 1900 },
      { ...parameter, name: "NEAR", type: "number", default: 2.5 },
      { ...parameter, name: "NOTE", type: "text", optional: true },
    ],
  };
  const command = firstUseOf("tsa_example", "https://tessera.example.org", airports);
  expect(command).toContain("curl 'https://tessera.example.org/api/v1/workspaces/Samples/airports/runs'");
  expect(command).toContain('"Authorization: Bearer tsa_example"');
  expect(command).toContain(`-d '{"parameters":{"STATE":"CA","SINCE":1900,"NEAR":2.5}}'`);
});

test("a token that runs nothing asks what it is", () => {
  expect(firstUseOf("tsa_example", "https://tessera.example.org", null)).toContain("/api/v1/token'");
});
