import { copyFile } from "node:fs/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { writtenResults } from "@/testing/written-results";
import { geometryOfText } from "./geometry.mjs";

const { pathOf, rowsOf, written } = writtenResults();

const geometriesOf = async (sql: string) =>
  JSON.parse(await written(sql, "geojson")).features.map(({ geometry }: { geometry: unknown }) => geometry);

const square = "0 0, 0 1, 1 1, 1 0, 0 0";
const counterclockwise = [
  [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
    [0, 0],
  ],
];

test.each([
  ["'7,5' AS longitude, ' 47.25 ' AS latitude", { type: "Point", coordinates: [7.5, 47.25] }],
  ["'' AS longitude, '47' AS latitude", null],
  ["'nan'::DOUBLE AS longitude, 47 AS latitude", null],
  ["0.1::FLOAT AS longitude, 1.10::DECIMAL(9, 2) AS latitude", { type: "Point", coordinates: [0.1, 1.1] }],
  ["'POINT Z (1 2 3)'::GEOMETRY AS shape", { type: "Point", coordinates: [1, 2, 3] }],
  ["'POINT ZM (1 2 3 4)'::GEOMETRY AS shape", { type: "Point", coordinates: [1, 2, 3] }],
  ["'POINT EMPTY'::GEOMETRY AS geometry", null],
  ["'MULTIPOINT (EMPTY, 1 2)'::GEOMETRY AS geometry", { type: "MultiPoint", coordinates: [[1, 2]] }],
  [`ST_AsWKB('POLYGON ((${square}))'::GEOMETRY) AS geometry`, { type: "Polygon", coordinates: counterclockwise }],
  [`'POLYGON ((${square}))' AS geometry`, { type: "Polygon", coordinates: counterclockwise }],
  ["e'srid=4326;point  z\\t(1e0 -.5\\n3.)' AS geometry", { type: "Point", coordinates: [1, -0.5, 3] }],
  ["'POINT(1 2 3)' AS geometry", { type: "Point", coordinates: [1, 2, 3] }],
  ["'POINT M (1 2 3)' AS geometry", { type: "Point", coordinates: [1, 2] }],
  [
    "'MULTIPOINT (EMPTY, (1 2), 3 4)' AS geometry",
    {
      type: "MultiPoint",
      coordinates: [
        [1, 2],
        [3, 4],
      ],
    },
  ],
  ["'0101000020E6100000000000000000F03F0000000000000040' AS geometry", { type: "Point", coordinates: [1, 2] }],
  [
    "{type: 'Point', coordinates: ['1', '2,5'], geometries: NULL, bbox: NULL} AS geometry",
    { type: "Point", coordinates: [1, 2.5] },
  ],
  [
    "'GEOMETRYCOLLECTION (POINT (1 2), LINESTRING EMPTY)'::GEOMETRY AS geometry",
    { type: "GeometryCollection", geometries: [{ type: "Point", coordinates: [1, 2] }] },
  ],
])("SELECT %s is a feature with a geometry of RFC 7946", async (columns, geometry) => {
  expect(await geometriesOf(`SELECT ${columns}`)).toEqual([geometry]);
});

test.each([
  ["'7' AS longitude, '47°' AS latitude", "The latitude in row 2 is not a number: 47°"],
  ["true AS longitude, 1 AS latitude", "The longitude in row 2 is not a number: true"],
  ["'nowhere' AS geometry", "The geometry in row 2 is not a geometry"],
  ["encode('zz') AS geometry", "The geometry in row 2 is not a geometry"],
  ["1 AS geometry", "neither GeoJSON nor well-known text"],
  ['\'{"type":"Feature"}\' AS geometry', "its type is none of GeoJSON"],
  ['\'{"type":"constructor"}\' AS geometry', "its type is none of GeoJSON"],
  ["{type: 'Point', coordinates: ['east', 'north']} AS geometry", "a coordinate is not a number"],
  ["'LINESTRING (1 2)' AS geometry", "a line has fewer than two positions"],
  ["'POINT (7,5 47)' AS geometry", "it is not well-known text"],
  ["'LINESTRING (7 47, 8,5 48)' AS geometry", "it is not well-known text"],
  ["'POINT (east north)' AS geometry", "it is not well-known text"],
  ["'POINT (1 2) and more' AS geometry", "it is not well-known text"],
  ["'POINT (1 2' AS geometry", "it is not well-known text"],
  ["'POINT Z (1 2)' AS geometry", "it is not well-known text"],
  ["'LINESTRING ((1 2), (3 4))' AS geometry", "it is not well-known text"],
  ["'POLYGON ((0 0, 0 1, 1 1))'::GEOMETRY AS geometry", "a ring of its polygon is not closed"],
])("SELECT %s fails with its row and the reason", async (columns, reason) => {
  const sql = `SELECT columns(*) FROM (SELECT ${columns}, 2 AS n UNION ALL BY NAME SELECT 1 AS n) ORDER BY n`;
  await expect(written(sql, "geojson")).rejects.toThrow(reason);
});

test.each(["LINESTRING (%s)", "MULTIPOINT (%s)", "POLYGON ((%s, 0 0))"])("%s is read with 150,000 positions", (wkt) => {
  const positions = Array.from({ length: 150_000 }, (_, at) => [at / 10_000, (at % 7) / 10]);
  const { coordinates } = geometryOfText(wkt.replace("%s", positions.map((position) => position.join(" ")).join(", ")));
  expect((coordinates.length === 1 ? coordinates[0] : coordinates).slice(0, positions.length)).toEqual(positions);
});

test("rings follow the right-hand rule whatever their order was", async () => {
  const position = fc.tuple(fc.integer({ min: -180, max: 180 }), fc.integer({ min: -90, max: 90 }));
  await fc.assert(
    fc.asyncProperty(position, position, position, async (a, b, c) => {
      const wkt = `POLYGON ((${[a, b, c, a].map((p) => p.join(" ")).join(", ")}))`;
      const [{ coordinates }] = await geometriesOf(`SELECT '${wkt}'::GEOMETRY AS g`);
      const [[x, y], [x1, y1], [x2, y2]] = coordinates[0];
      expect((x1 - x) * (y2 - y) - (x2 - x) * (y1 - y)).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 50 },
  );
});

test("a number with a decimal comma in well-known text is never read as another number", async () => {
  const number = fc.double({ min: -90, max: 90, noNaN: true }).map(String);
  const kind = fc.constantFrom("POINT", "LINESTRING", "MULTIPOINT");
  await fc.assert(
    fc.asyncProperty(kind, fc.array(fc.tuple(number, number), { minLength: 2, maxLength: 4 }), async (type, given) => {
      const written = (type === "POINT" ? given.slice(0, 1) : given).map((position) => position.join(" ")).join(", ");
      const wkt = `${type} (${written})`;
      const [geometry] = await geometriesOf(`SELECT '${wkt}' AS geometry`);
      expect([geometry.coordinates].flat(2)).toEqual(wkt.match(/[-\d][-.\de]*/g)?.map(Number));
      const german = wkt.replaceAll(".", ",");
      if (german !== wkt)
        await expect(geometriesOf(`SELECT '${german}' AS geometry`)).rejects.toThrow("well-known text");
    }),
    { numRuns: 40 },
  );
});

test("the geometry of GeoParquet becomes geometry, and text in JSON and CSV", async () => {
  await written("SELECT 1 AS a, 'POINT (7.5 47)'::GEOMETRY AS geom", "parquet");
  const places = pathOf("places.parquet");
  await copyFile(pathOf("result"), places);
  expect(await geometriesOf(`FROM '${places}'`)).toEqual([{ type: "Point", coordinates: [7.5, 47] }]);
  expect(await written(`FROM '${places}'`, "csv")).toBe("a,geom\n1,POINT(7.5 47)\n");
  expect(await rowsOf(`FROM '${places}'`)).toEqual([{ a: 1, geom: "POINT(7.5 47)" }]);
});
