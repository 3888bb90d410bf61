import fc from "fast-check";
import { expect, test } from "vitest";
import { itemsOf, membersOf } from "./json-text";
import { wordsForNotDrawn } from "./not-drawn";
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
    ["Mon", "90", null],
    ["Tue", null, "dry"],
  ]);
  expect(table?.geometries).toBeNull();
});

test.each(["json", "geojson", "csv"])("the cells of %s are the texts of the answer", (format) => {
  const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,30})(\.\d{1,30})?([eE][+-]?\d{1,2})?$/);
  fc.assert(
    fc.property(fc.array(digits, { minLength: 1, maxLength: 4 }), (numbers) => {
      const records = numbers.map((number) => `{"2024":${number},"2023":"3.10"}`);
      const features = records.map((record) => `{"type":"Feature","geometry":null,"properties":${record}}`);
      const text = {
        json: `[${records.join(",\n")}]`,
        geojson: `{"type":"FeatureCollection","features":[${features.join(", ")}]}`,
        csv: `2024,2023\n${numbers.map((number) => `${number},3.10\n`).join("")}`,
      }[format as "json" | "geojson" | "csv"];
      const table = readResult(text, format);
      expect(table?.columns.map(({ name }) => name)).toEqual(["2024", "2023"]);
      expect(table?.columns[0]?.kind).toBe("number");
      expect(table?.rows).toEqual(numbers.map((number) => [number, "3.10"]));
    }),
  );
});

test("every JSON is read as JSON.parse reads it", () => {
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue())), fc.constantFrom(0, 2), (records, indent) => {
      const items = itemsOf(JSON.stringify(records, null, indent));
      expect(items.map((item) => JSON.parse(item))).toEqual(JSON.parse(JSON.stringify(records)));
      for (const [at, item] of items.entries()) {
        const members = membersOf(item).map(([name, value]) => [name, JSON.parse(value)]);
        expect(members).toEqual(Object.entries(JSON.parse(JSON.stringify(records[at]))));
      }
    }),
  );
});

test("nested values are shown as they are written", () => {
  const text = '[{"tags":["a",1.0],"o":{"2":1E2, "1":"é","2":0.10}}]';
  expect(readResult(text, "json")?.rows).toEqual([['["a",1.0]', '{"2":1E2, "1":"é","2":0.10}']]);
});

test("text that is not JSON is refused", () => {
  expect(() => readResult('[{"x":NaN}]', "json")).toThrow(SyntaxError);
  expect(() => readResult('{"type":"FeatureCollection","features":[', "geojson")).toThrow(SyntaxError);
});

test("places that the map cannot draw are counted, and their rows stay", () => {
  const features = ["[8,47]", "[0,90]", "[8,500]", '["8","47"]', "[2600000,1200000]"].map(
    (coordinates) => `{"type":"Feature","geometry":{"type":"Point","coordinates":${coordinates}},"properties":{}}`,
  );
  const table = readResult(`{"type":"FeatureCollection","features":[${features}]}`, "geojson");
  expect(table?.geometries?.map((geometry) => geometry !== null)).toEqual([true, false, false, false, false]);
  expect(table?.rows[2]).toEqual(["8", "500"]);
  expect(table?.notDrawn).toEqual({ degrees: 2, pole: 1, unreadable: 1 });
  expect(table && wordsForNotDrawn(table)).toBe(
    "2 places aren't on the map: their coordinates aren't degrees of longitude and latitude. 1 place isn't on the map: it's at a pole. 1 place isn't on the map: its geometry can't be read.",
  );
});

test("results without rows are tables without rows", () => {
  expect(readResult("[\n]\n", "json")?.rows).toEqual([]);
  expect(readResult('{"type":"FeatureCollection","features":[\n]}\n', "geojson")?.rows).toEqual([]);
  expect(readResult("a,b\n", "csv")).toMatchObject({ columns: [{ name: "a" }, { name: "b" }], rows: [] });
});

test("JSON that is no list of records is no table", () => {
  expect(readResult('{"answer":42}', "json")).toBeNull();
  expect(readResult("[1,2]", "json")).toBeNull();
});

test("points of GeoJSON come with their position as columns", () => {
  const feature = { type: "Feature", geometry: { type: "Point", coordinates: [7.5, 47.6, 3] }, properties: { mag: 2 } };
  const table = readResult(JSON.stringify({ type: "FeatureCollection", features: [feature] }), "geojson");
  expect(table?.columns.map(({ name }) => name)).toEqual(["mag", "longitude", "latitude"]);
  expect(table?.rows).toEqual([["2", "7.5", "47.6"]]);
  expect(table?.geometries).toEqual([feature.geometry]);
});

test.each(["latitude,longitude", "lat,lon", "LAT,LNG", "Latitude,Long"])(
  "the columns %s of CSV and JSON are places",
  (names) => {
    const [lat = "", lon = ""] = names.split(",");
    const csv = readResult(`name,${names}\nA,61.5,-149.9\nB,,10\nC,95,10\n`, "csv");
    const json = readResult(
      `[{"name":"A","${lat}":61.5,"${lon}":-149.9},{"name":"B","${lat}":null,"${lon}":10},{"name":"C","${lat}":95,"${lon}":10}]`,
      "json",
    );
    for (const table of [csv, json]) {
      expect(table?.geometries).toEqual([{ type: "Point", coordinates: [-149.9, 61.5] }, null, null]);
      expect(table?.notDrawn).toMatchObject({ degrees: 1 });
    }
  },
);

test("a column for one of the two, or of texts, makes no places", () => {
  expect(readResult("name,lat\nA,61\n", "csv")?.geometries).toBeNull();
  expect(readResult("lat,lon\n61° N,149° W\n", "csv")?.geometries).toBeNull();
});

test("a feature without a place has a row all the same", () => {
  const text = '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{"a":1}}]}';
  const table = readResult(text, "geojson");
  expect(table?.rows[0]?.[0]).toBe("1");
  expect(table?.geometries).toEqual([null]);
});

test("a CSV column is of numbers only when all of it is, and codes with leading zeros are not numbers", () => {
  const table = readResult("zip,n,mixed\n01234,-1.5e3,1\n98101,,x\n", "csv");
  expect(table?.columns.map(({ kind }) => kind)).toEqual(["text", "number", "text"]);
  expect(table?.rows).toEqual([
    ["01234", "-1.5e3", "1"],
    ["98101", null, "x"],
  ]);
});

test("Parquet is not for reading", () => {
  expect(readResult("PAR1", "parquet")).toBeNull();
});

test("cells are sorted by value or by text, and numbers within text by value", () => {
  const sort = (cells: string[], kind: "number" | "text") => cells.sort((one, other) => compareCells(one, other, kind));
  expect(sort(["10", "9", "-1", "1E2", "3.10", "3.1"], "number")).toEqual(["-1", "3.10", "3.1", "9", "10", "1E2"]);
  expect(sort(["nan", "inf", "1", "-inf"], "number")).toEqual(["-inf", "1", "inf", "nan"]);
  expect(sort(["b10", "b2", "a"], "text")).toEqual(["a", "b2", "b10"]);
});

test("numbers are sorted by all their digits", () => {
  const value = fc.tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: -5, max: 5 }));
  fc.assert(
    fc.property(value, value, ([a, power], [b]) => {
      const order = a < b ? -1 : a > b ? 1 : 0;
      expect(Math.sign(compareCells(`${a}e${power}`, `${b}e${power}`, "number"))).toBe(order);
      const near = a < a + (b % 10n) ? -1 : a > a + (b % 10n) ? 1 : 0;
      expect(Math.sign(compareCells(`${a}`, `${a + (b % 10n)}.0`, "number"))).toBe(near);
    }),
  );
});
