import { expect, test } from "vitest";
import { formatHiddenColumns, parseHiddenColumns } from "./column-visibility";

const hideable = ["token", "createdAt", "status"].map((id) => ({ id, label: id }));

test("what was hidden is read again", () => {
  const stored = formatHiddenColumns({ status: false }, hideable, { id: "token", isVisible: false });
  expect(parseHiddenColumns(stored, hideable)).toEqual({ token: false, status: false });
});

test("a column that is shown again is no longer stored", () => {
  expect(formatHiddenColumns({ token: false, status: false }, hideable, { id: "token", isVisible: true })).toBe(
    "status",
  );
  expect(formatHiddenColumns({ status: false }, hideable, { id: "status", isVisible: true })).toBe("");
});

test.each([null, "", ",,,", '{"token":false}', '["token"]', "name", "__proto__,constructor", "token;status"])(
  "%j in storage hides nothing",
  (stored) => {
    expect(parseHiddenColumns(stored, hideable)).toEqual({});
  },
);
