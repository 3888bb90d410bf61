import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { demandedPermission, forwardedNames, parseRules } from "./authorize-rules";

const file = join(await mkdtemp(join(tmpdir(), "tessera-rules-")), "authorize.yaml");
await writeFile(
  file,
  `
- { methods: [GET, HEAD], path: /reports/*, permission: repository/Samples:read }
- { path: /reports/**, permission: repository/Samples:publish }
- { path: "/a.b/*.csv", permission: jobs:access }
`,
);
process.env.TESSERA_AUTHORIZE_RULES = file;

const forwarded = (method: string, uri: string) => ({ "x-original-method": method, "x-original-uri": uri });

test("a request that names a permission and forwards another request is refused", () => {
  const named = "jobs:access";
  expect(demandedPermission(named, {})).toBe(named);
  for (const name of forwardedNames) {
    expect(() => demandedPermission(named, { [name]: name.endsWith("uri") ? "/a.b/x.csv" : "GET" })).toThrow(
      expect.objectContaining({
        code: "invalid",
        field: "permission",
        message: expect.stringMatching(/must not pass on/),
      }),
    );
  }
});

describe("rules", () => {
  test.each([
    ["GET", "/reports/may", "repository/Samples:read"],
    ["HEAD", "/reports/may?x=/../y", "repository/Samples:read"],
    ["GET", "/reports/m%61y", "repository/Samples:read"],
    ["POST", "/reports/may", "repository/Samples:publish"],
    ["GET", "/reports/may/1", "repository/Samples:publish"],
    ["GET", "/a.b/x.csv", "jobs:access"],
  ])("%s %s needs %s", (method, uri, permission) => {
    expect(demandedPermission(undefined, forwarded(method, uri))).toBe(permission);
  });

  test.each([
    "/",
    "/reports",
    "/axb/x.csv",
    "/a.b/y/x.csv",
    "//reports/may",
    "/reports/../admin",
    "/reports/%2e%2e/admin",
    "/reports/%2E./admin",
    "/reports/a%2fb",
    "/reports/a%5Cb",
    "/reports\\may",
    "/reports/%00",
    "/reports/a#/../../admin",
    "/reports/a#b",
    "/reports/a%23b",
    "/reports/%zz",
    "reports/may",
    "http://elsewhere/reports/may",
  ])("no rule permits %s", (uri) => {
    expect(() => demandedPermission(undefined, forwarded("GET", uri))).toThrow("No rule allows");
  });

  test("a request that does not tell its method gets no rule of certain methods", () => {
    expect(demandedPermission(undefined, { "x-original-uri": "/reports/may" })).toBe("repository/Samples:publish");
  });

  test("a proxy may use the other names", () => {
    const others = { "x-forwarded-uri": "/reports/may", "x-forwarded-method": "GET" };
    expect(demandedPermission(undefined, others)).toBe("repository/Samples:read");
    // A proxy passes on what it does not write itself: of the two, one is the sender's own tale.
    const both = { ...forwarded("GET", "/reports/may"), "x-forwarded-uri": "/admin" };
    expect(() => demandedPermission(undefined, both)).toThrow(/headers, not both/);
    expect(() => demandedPermission(undefined, forwarded("GET", "/reports/;/may"))).toThrow(/No rule/);
  });

  test("that are not well formed are refused with their place", () => {
    expect(() => parseRules("- { path: reports, permission: jobs:access }")).toThrow("0.path must start with a slash");
    expect(() => parseRules("- { path: /, permission: fly }")).toThrow("0.permission is not a permission");
    expect(() => parseRules("- { path: /, permission: jobs:access, allow: all }")).toThrow("allow");
    expect(() => parseRules("rules: []")).toThrow("the file");
  });
});
