import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Actor, demand, hasAllPermissions, reachableItems } from "./actor";
import { catalog, coveringPermissions, describePermission, type Permission, parsePermission } from "./catalog";
import { everything, holds, may } from "./effective";

const someone = (owner: string[], given: string[]): Actor => ({
  userId: "u",
  userName: "ada",
  mustChangePassword: false,
  now: new Date("2026-01-01T00:00:00Z"),
  token: { id: "t", kind: "api", name: "nightly" },
  owner: new Set(owner),
  given: new Set(given),
  ip: null,
  agent: null,
});

const everyGeneral = catalog.flatMap(({ resource, general }) => general.map(({ action }) => `${resource}:${action}`));
const everyItem = catalog.flatMap(
  ({ item }) => item?.actions.map(({ action }) => `${itemPath(item.resource)}:${action}`) ?? [],
);

function itemPath(resource: string): string {
  return resource === "workspace" ? "workspace/Samples/nearby-earthquakes" : `${resource}/Samples`;
}

describe("the text of a permission", () => {
  it("is parsed and described for everything in the catalog", () => {
    for (const permission of [...everyGeneral, ...everyItem]) {
      expect(parsePermission(permission), permission).not.toBeNull();
      expect(describePermission(permission)).not.toBe(permission);
    }
    expect(describePermission("workspace/Samples/nearby-earthquakes:run")).toBe("Run Samples/nearby-earthquakes");
    expect(describePermission("repositories:create")).toBe("Create repositories");
    expect(describePermission("app/earthquakes:manage")).toBe("Manage app earthquakes");
    expect(describePermission("users:manage")).toBe("Manage users and roles");
  });

  it.each([
    "",
    "*",
    "repositories",
    "repositories:*",
    "repositories:fly",
    "repository:run",
    "repository/Samples:*",
    "repository/Samples:create",
    "repository/Samples/nearby:run",
    "repository/*:run",
    "repositories/Samples:access",
    "workspace/Samples:run",
    "workspace/Samples/a/b:run",
    "workspace/Samples/a:publish",
    "app/earthquakes:run",
    "app/Samples/a:manage",
    "app:manage",
    "apps/earthquakes:access",
    "jobs:access ",
    " jobs:access",
    "jobs:access\n",
    "constructor:name",
  ])("is refused when it is not a permission: %j", (text) => {
    expect(parsePermission(text)).toBeNull();
  });

  it("is the same after parsing", () => {
    const name = fc.string({ minLength: 1, maxLength: 6 });
    const resource = fc.constantFrom("repository", "workspace", "app", "repositories", "jobs");
    const text = fc
      .tuple(resource, fc.array(name, { maxLength: 3 }), fc.constantFrom("run", "read", "access", "create", "manage"))
      .map(([kind, names, action]) => `${[kind, ...names].join("/")}:${action}`);
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), (words) => {
        const parsed = parsePermission(words);
        if (parsed === null) return;
        const { resource, repository, workspace, app } = parsed;
        const target = [resource, repository, workspace, app].filter((part) => part !== null).join("/");
        expect(`${target}:${parsed.action}`).toBe(words);
      }),
    );
  });
});

describe("a set of permissions", () => {
  const run: Permission = "workspace/Samples/nearby-earthquakes:run";

  it("includes a workspace by its repository, but not by another repository or action", () => {
    expect(holds(new Set(["repository/Samples:run"]), run)).toBe(true);
    expect(holds(new Set(["repository/Sample:run"]), run)).toBe(false);
    expect(holds(new Set(["repository/Samples:read"]), run)).toBe(false);
    expect(holds(new Set([run]), "repository/Samples:run")).toBe(false);
  });

  it("includes everything on an item by owning it", () => {
    expect(holds(new Set(["repository/Samples:*"]), run)).toBe(true);
    expect(holds(new Set(["repository/Samples:*"]), "repository/Samples:remove")).toBe(true);
    expect(holds(new Set(["workspace/Samples/nearby-earthquakes:*"]), run)).toBe(true);
    expect(holds(new Set(["workspace/Samples/nearby-earthquakes:*"]), "repository/Samples:run")).toBe(false);
    expect(holds(new Set(["app/earthquakes:*"]), "app/earthquakes:manage")).toBe(true);
    expect(holds(new Set(["app/earthquakes:*"]), "app/earthquake:manage")).toBe(false);
  });

  it("includes access when it has create or manage, and not the reverse", () => {
    expect(holds(new Set(["repositories:create"]), "repositories:access")).toBe(true);
    expect(holds(new Set(["jobs:manage"]), "jobs:access")).toBe(true);
    expect(holds(new Set(["repositories:access"]), "repositories:create")).toBe(false);
    expect(coveringPermissions("tokens:manage")).toEqual([]);
  });

  it("includes everything when it has `*`", () => {
    for (const permission of [...everyGeneral, ...everyItem])
      expect(holds(new Set([everything]), permission as Permission)).toBe(true);
  });
});

describe("what an actor may do", () => {
  it("is what both the owner and the token may do", () => {
    const permissions = [...everyGeneral, ...everyItem, "repository/Samples:*", everything];
    fc.assert(
      fc.property(
        fc.subarray(permissions),
        fc.subarray(permissions),
        fc.constantFrom(...everyGeneral, ...everyItem),
        (owner, given, asked) => {
          const who = someone(owner, given);
          const permission = asked as Permission;
          expect(may(who, permission)).toBe(holds(who.owner, permission) && holds(who.given, permission));
          if (may(who, permission)) expect(() => demand(who, permission)).not.toThrow();
          else expect(() => demand(who, permission)).toThrow(`This requires the permission ${permission}.`);
        },
      ),
    );
  });

  it("names the items that both the owner and the token reach", () => {
    expect(reachableItems(someone([everything], [everything]))).toBe("all");
    expect(reachableItems(someone([everything], ["workspace/Samples/a:run", "jobs:access"]))).toEqual({
      repositories: [],
      workspaces: ["Samples/a"],
      apps: [],
    });
    expect(
      reachableItems(someone(["repository/Samples:read"], ["workspace/Samples/a:run", "workspace/Other/b:run"])),
    ).toEqual({
      repositories: [],
      workspaces: ["Samples/a"],
      apps: [],
    });
    const owner = someone(["repository/Samples:*", "repository/Other:read", "app/quakes:*"], [everything]);
    expect(reachableItems(owner)).toEqual({ repositories: ["Samples", "Other"], workspaces: [], apps: ["quakes"] });
  });

  it("is All Permissions only with `*`", () => {
    expect(hasAllPermissions(someone([], [everything]))).toBe(true);
    expect(hasAllPermissions(someone([everything], [...everyGeneral, ...everyItem]))).toBe(false);
  });
});
