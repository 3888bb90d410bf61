import { expect, test } from "vitest";
import { readResult } from "./result";
import { compareCells } from "./result-order";

test("a JSON result has a column for each member, in the order of their first appearance", () => {
  const table = readResult('[{"day":"Mon","level":90},{"day":"Tue","level":null,"note":"dry"}]', "json");
  expect(table?.columns).toEqual([
    { name: "day", kind: "text" },
    { name: "level", kind: "number" },
    { name: "note", kind: "text" },
  ]);
  expect(table?.rows).toEqual([
    ["Mon", 90, null],
    ["Tue", null, "dry"],
  ]);
  expect(table?.geometries).toBeNull();
});

test("a whole number too long for JavaScript keeps its digits", () => {
  const text = '[{"n":9007199254740993,"m":-1,"x":0.1234567890123456,"s":"9007199254740993, \\"\\\\"}]';
  const table = readResult(text, "json");
  expect(table?.rows).toEqual([["9007199254740993", -1, 0.1234567890123456, '9007199254740993, "\\']]);
});

test("nested values are shown as JSON", () => {
  expect(readResult('[{"tags":["a",1]}]', "json")?.rows).toEqual([['["a",1]']]);
});

test("JSON that is no list of records is no table", () => {
  expect(readResult('{"answer":42}', "json")).toBeNull();
  expect(readResult("[1,2]", "json")).toBeNull();
});

test("points of GeoJSON come with their position as columns", () => {
  const feature = { type: "Feature", geometry: { type: "Point", coordinates: [7.5, 47.6, 3] }, properties: { mag: 2 } };
  const table = readResult(JSON.stringify({ type: "FeatureCollection", features: [feature] }), "geojson");
  expect(table?.columns.map(({ name }) => name)).toEqual(["mag", "longitude", "latitude"]);
  expect(table?.rows).toEqual([[2, 7.5, 47.6]]);
  expect(table?.geometries).toEqual([feature.geometry]);
});

test("a feature without a place has a row all the same", () => {
  const text = '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{"a":1}}]}';
  const table = readResult(text, "geojson");
  expect(table?.rows[0]?.[0]).toBe(1);
  expect(table?.geometries).toEqual([null]);
});

test("a CSV column is of numbers only when all of it is, and codes with leading zeros are not numbers", () => {
  const table = readResult("zip,n,mixed\n01234,-1.5e3,1\n98101,,x\n", "csv");
  expect(table?.columns.map(({ kind }) => kind)).toEqual(["text", "number", "text"]);
  expect(table?.rows).toEqual([
    ["01234", -1500, "1"],
    ["98101", null, "x"],
  ]);
});

test("Parquet is not for reading", () => {
  expect(readResult("PAR1", "parquet")).toBeNull();
});

test("cells are sorted by size or by text, and numbers within text by size", () => {
  expect([10, 9, -1].sort(compareCells)).toEqual([-1, 9, 10]);
  expect(["b10", "b2", "a"].sort(compareCells)).toEqual(["a", "b2", "b10"]);
  expect(["9007199254740993", 10, "2"].sort(compareCells)).toEqual(["2", 10, "9007199254740993"]);
});
