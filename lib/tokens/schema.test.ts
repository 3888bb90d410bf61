import { expect, test } from "vitest";
import { newToken, tokenChanges, tokenFilter, tokenName, tokenPatch } from "./schema";

const token = { name: "nightly export", expiresAt: "2026-04-01T00:00:00Z", permissions: ["repositories:access"] };
const fieldsRefused = (
  schema: typeof newToken | typeof tokenPatch | typeof tokenChanges | typeof tokenFilter,
  input: unknown,
) => schema.safeParse(input).error?.issues.map(({ path }) => path.join(".")) ?? [];

test("a name is trimmed and normalised, so that names that look the same are the same", () => {
  expect(tokenName.parse("  Zu\u0308rich  ")).toBe("Z\u00fcrich");
});

test("a name may be in any script", () => {
  for (const name of ["夜間エクスポート", "اختبار", "déjà vu (2)", "🚀 deploy", "x".repeat(100), "🚀".repeat(100)]) {
    expect(tokenName.parse(name)).toBe(name);
  }
});

test.each([
  ["empty", ""],
  ["blank", " \u3000\t "],
  ["too long", "x".repeat(101)],
  ["with a slash", "a/b"],
  ["with a backslash", "a\\b"],
  ["with a line break", "a\nb"],
  ["with a NUL", "a\u0000b"],
  ["with a zero-width space", "a\u200bb"],
  ["that runs backwards", "a\u202eb"],
  ["with half a surrogate pair", "a\ud800"],
])("a name %s is refused", (_, name) => {
  expect(tokenName.safeParse(name).success).toBe(false);
});

test("a new token is by default enabled, not allowed in URLs and without All Permissions", () => {
  expect(newToken.parse(token)).toEqual({
    name: "nightly export",
    description: "",
    expiresAt: new Date("2026-04-01T00:00:00Z"),
    enabled: true,
    allPermissions: false,
    permissions: ["repositories:access"],
    inUrl: false,
  });
});

test.each([
  ["an unknown field", { ...token, owner: "eve" }, ""],
  ["no expiration", { ...token, expiresAt: undefined }, "expiresAt"],
  ["a day without a time", { ...token, expiresAt: "2026-04-01" }, "expiresAt"],
  ["a day that is none", { ...token, expiresAt: "2026-02-30T00:00:00Z" }, "expiresAt"],
  ["a number for a time", { ...token, expiresAt: 1_775_001_600 }, "expiresAt"],
  ["no permissions at all", { ...token, permissions: undefined }, "permissions"],
  ["permissions beside All Permissions", { ...token, allPermissions: true }, "permissions"],
  ["a permission that there is not", { ...token, permissions: ["repositories:destroy"] }, "permissions.0"],
  ["the symbol as a permission", { ...token, permissions: ["*"] }, "permissions.0"],
  ["ownership as a permission", { ...token, permissions: ["repository/Samples:*"] }, "permissions.0"],
  ["a long description", { ...token, description: "x".repeat(501) }, "description"],
  ["a NUL in the description", { ...token, description: "a\u0000" }, "description"],
])("a new token with %s is refused", (_, input, field) => {
  expect(fieldsRefused(newToken, input)).toEqual([field]);
});

test("a description may have line breaks", () => {
  expect(newToken.parse({ ...token, description: "one\n\ttwo" }).description).toBe("one\n\ttwo");
});

test("a change takes any subset of the fields and adds no others", () => {
  expect(tokenPatch.parse({})).toEqual({});
  expect(tokenPatch.parse({ enabled: false })).toEqual({ enabled: false });
  expect(fieldsRefused(tokenPatch, { value: "tsa_" })).toEqual([""]);
  expect(fieldsRefused(tokenPatch, { allPermissions: true, permissions: ["jobs:access"] })).toEqual(["permissions"]);
});

test("a list is sorted by sortable fields only", () => {
  expect(tokenFilter.parse({})).toEqual({ sort: "-createdAt", limit: 25 });
  expect(fieldsRefused(tokenFilter, { sort: "digest" })).toEqual(["sort"]);
  expect(fieldsRefused(tokenFilter, { limit: "0" })).toEqual(["limit"]);
  expect(fieldsRefused(tokenFilter, { owner: "eve" })).toEqual([""]);
});

test("a bulk change names ids, or all but the current session", () => {
  expect(tokenChanges.parse({ change: "remove", ids: "all-but-current" }).ids).toBe("all-but-current");
  expect(fieldsRefused(tokenChanges, { change: "remove", ids: [] })).toEqual(["ids"]);
  expect(fieldsRefused(tokenChanges, { change: "rotate", ids: ["a"] })).toEqual(["change"]);
  expect(fieldsRefused(tokenChanges, { change: "disable", ids: ["a"], expiresAt: token.expiresAt })).toEqual([
    "expiresAt",
  ]);
});
