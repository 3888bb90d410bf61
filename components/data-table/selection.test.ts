import { expect, test } from "vitest";
import { nothingSelected, withPage, withRow } from "./selection";

const page = ["a", "b", "c", "d", "e"];
const put = (id: string) => ({ id, isIn: true, isRange: false });
const take = (id: string) => ({ id, isIn: false, isRange: false });
const chosen = ({ chosen }: { chosen: ReadonlySet<string> }) => [...chosen].sort().join("");

test("a row is put in and taken out, and the others stay", () => {
  const two = withRow(withRow(nothingSelected, page, put("b")), page, put("d"));
  expect(chosen(two)).toBe("bd");
  expect(chosen(withRow(two, page, take("b")))).toBe("d");
});

test("Shift takes the range from the row that was changed last, upwards too, and both ways", () => {
  const one = withRow(nothingSelected, page, put("d"));
  const range = withRow(one, page, { id: "b", isIn: true, isRange: true });
  expect(chosen(range)).toBe("bcd");
  expect(chosen(withRow(range, page, { id: "c", isIn: false, isRange: true }))).toBe("d");
});

test("Shift without a row to begin from, or with one that is gone, takes the row alone", () => {
  const shift = { id: "d", isIn: true, isRange: true };
  expect(chosen(withRow(nothingSelected, page, shift))).toBe("d");
  const gone = withRow(nothingSelected, ["z", ...page], put("z"));
  expect(chosen(withRow(gone, page, shift))).toBe("dz");
});

test("the page is put in and taken out at once, and rows of other pages stay as they are", () => {
  const other = withRow(nothingSelected, ["z"], put("z"));
  const all = withPage(other, page, true);
  expect(chosen(all)).toBe("abcdez");
  expect(chosen(withPage(all, page, false))).toBe("z");
});
