import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCsv } from "./csv";

test("quotes, commas and line ends inside quotes belong to the value", () => {
  expect(parseCsv('a,b\r\n"say ""hi"", please","two\nlines"\r\n')).toEqual([
    ["a", "b"],
    ['say "hi", please', "two\nlines"],
  ]);
});

test("empty values stay where they are, also the last one, and are not empty text", () => {
  expect(parseCsv('a,b,c\n,,\n1,"",3')).toEqual([
    ["a", "b", "c"],
    [null, null, null],
    ["1", "", "3"],
  ]);
  expect(parseCsv("a,")).toEqual([["a", null]]);
});

test("an empty text has no records", () => {
  expect(parseCsv("")).toEqual([]);
});

test("every text that is written according to RFC 4180 is read back", () => {
  const value = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", "x") }));
  const records = fc.array(fc.array(value, { minLength: 1, maxLength: 4 }), { minLength: 1 });
  fc.assert(
    fc.property(records, fc.constantFrom("\n", "\r\n"), (written, end) => {
      const text = written.map((record) => record.map(quoted).join(",") + end).join("");
      expect(parseCsv(text)).toEqual(written);
    }),
  );
});

const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
