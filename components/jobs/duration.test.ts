import { expect, test } from "vitest";
import { bytesInWords, resultSize } from "../results/result-size";
import { durationInWords } from "./duration";

test.each([
  [0, "0.0 s"],
  [3, "0.1 s"],
  [440, "0.4 s"],
  [9_949, "9.9 s"],
  [9_950, "10 s"],
  [59_499, "59 s"],
  [59_500, "1 min 00 s"],
  [65_000, "1 min 05 s"],
  [3_599_600, "1 h 00 min"],
  [7_380_000, "2 h 03 min"],
])("%i ms are %s", (milliseconds, words) => {
  expect(durationInWords(milliseconds)).toBe(words);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [12_100, "12.1 kB"],
  [999_949, "999.9 kB"],
  [999_950, "1.0 MB"],
  [100_000_000, "100.0 MB"],
])("%i bytes are %s", (bytes, words) => {
  expect(bytesInWords(bytes)).toBe(words);
});

test("the size of one row says row, not rows", () => {
  const result = { bytes: 10, mediaType: "application/json", fileName: "a.json" };
  expect(resultSize({ ...result, rows: 1 })).toBe("1 row, 10 B");
  expect(resultSize({ ...result, rows: 5000 })).toBe("5,000 rows, 10 B");
});
