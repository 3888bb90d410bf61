import { geoContains, geoMercator, geoPath } from "d3-geo";
import fc from "fast-check";
import type { Geometry, Polygon } from "geojson";
import { expect, test } from "vitest";
import atlas from "world-atlas/countries-50m.json";
import { drawableOf } from "./drawable";
import { drawOutline, kilometresPerPixel, projectionFor, type Size } from "./map-projection";
import { centerView, fittedView, moveView, scaleBar, scaleMax, scaleMin, zoomView } from "./map-view";
import { placeRows, requestedPlace, rowAt } from "./places";
import type { ResultTable } from "./result";
import { straighten } from "./straighten";

const size: Size = [600, 400];
const point = (longitude: number, latitude: number): Geometry => ({
  type: "Point",
  coordinates: [longitude, latitude],
});
const tableOf = (geometries: (Geometry | null)[]): ResultTable => ({
  columns: [{ name: "magnitude", kind: "number" }],
  rows: geometries.map((_, at) => [String(at)]),
  geometries,
  notDrawn: { degrees: 0, pole: 0, unreadable: 0 },
});

test("all places are inside of the map, west is left and north is up", () => {
  const geometries = [point(-122.4, 37.8), point(-118.2, 34.1), null];
  const places = placeRows(tableOf(geometries), projectionFor(geometries, size));
  const [sanFrancisco, losAngeles] = [0, 1].map((row) => places.find((place) => place.row === row));
  if (!sanFrancisco || !losAngeles || !("x" in sanFrancisco) || !("x" in losAngeles)) throw new Error("Two dots.");
  expect(places).toHaveLength(2);
  for (const { x, y } of [sanFrancisco, losAngeles]) {
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThan(size[0]);
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(size[1]);
  }
  expect(sanFrancisco.x).toBeLessThan(losAngeles.x);
  expect(sanFrancisco.y).toBeLessThan(losAngeles.y);
});

test("places on both sides of the date line lie together", () => {
  const geometries = [point(179, -17), point(-179, -18)];
  expect(kilometresPerPixel(projectionFor(geometries, size), size)).toBeLessThan(2);
});

test("a single place is in the middle, and its surroundings are visible", () => {
  const geometries = [point(8.5, 47.4)];
  const projection = projectionFor(geometries, size);
  const [dot] = placeRows(tableOf(geometries), projection);
  if (!dot || !("x" in dot)) throw new Error("One dot.");
  expect(dot.x).toBeCloseTo(300);
  expect(dot.y).toBeCloseTo(200);
  expect(kilometresPerPixel(projection, size)).toBeCloseTo(0.2, 1);
});

test("no places show the world", () => {
  expect(kilometresPerPixel(projectionFor([], size), size) * size[1]).toBeGreaterThan(30_000);
});

test("the outline of the land is drawn from the bundled atlas", () => {
  const { land, borders } = drawOutline(atlas, projectionFor([point(8.5, 47.4), point(2.3, 48.9)], size));
  expect(land).toMatch(/^M.*Z$/);
  expect(borders).toMatch(/^M/);
});

test("larger magnitudes have larger dots, and are drawn first", () => {
  const geometries = [point(0, 0), point(1, 0), point(2, 0)];
  const places = placeRows(tableOf(geometries), projectionFor(geometries, size));
  expect(places.map(({ row }) => row)).toEqual([2, 1, 0]);
});

test("a dot is found at its place and a few pixels beside it in every view", () => {
  const geometries = [point(0, 0), point(10, 10)];
  const places = placeRows(tableOf(geometries), projectionFor(geometries, size));
  const view = zoomView(moveView(fittedView, 30, -20, size), 3, [50, 60], size);
  for (const dot of places) {
    if (!("x" in dot)) throw new Error("Dots.");
    const at = [dot.x * view.scale + view.x + dot.radius + 3, dot.y * view.scale + view.y] as const;
    expect(rowAt(places, view, at, 4)).toBe(dot.row);
    expect(rowAt(places, view, at, 2)).toBeNull();
  }
});

test("zooming keeps what is under the pointer, and stops at its limits", () => {
  const view = zoomView(fittedView, 2, [150, 100], size);
  expect([150 * view.scale + view.x, 100 * view.scale + view.y]).toEqual([150, 100]);
  expect(zoomView(view, 1e9, [0, 0], size).scale).toBe(scaleMax);
  expect(zoomView(view, 1e-9, [0, 0], size).scale).toBe(scaleMin);
});

test("the map cannot be dragged past what is drawn", () => {
  const far = moveView(fittedView, 1e9, -1e9, size);
  expect(moveView(far, 1, -1, size)).toEqual(far);
  expect(moveView(moveView(fittedView, 10, 5, size), -10, -5, size)).toEqual(fittedView);
});

test("a place that is chosen comes to the middle", () => {
  const view = centerView({ scale: 4, x: 0, y: 0 }, { x: 100, y: 50 }, size);
  expect([100 * view.scale + view.x, 50 * view.scale + view.y]).toEqual([300, 200]);
});

test("the scale bar is a round length that fits", () => {
  expect(scaleBar(0.7, 96)).toEqual({ label: "50 km", pixels: 50 / 0.7 });
  expect(scaleBar(0.002, 96)).toEqual({ label: "100 m", pixels: 50 });
  expect(scaleBar(40, 96).label).toBe("2,000 km");
});

test("the parameters of a run name a place if they have both coordinates", () => {
  expect(requestedPlace({ Latitude: 34, LONGITUDE: -118 })).toEqual({ type: "Point", coordinates: [-118, 34] });
  expect(requestedPlace({ LATITUDE: 34, LONGITUDE: null })).toBeNull();
  expect(requestedPlace({ LATITUDE: "34", LONGITUDE: -118 })).toBeNull();
});

test.each([
  ["latitude 90", point(0, 90), "pole"],
  ["latitude -89", point(10, -89), "pole"],
  ["latitude 500", point(0, 500), "degrees"],
  ["metres", point(2_600_000, 1_200_000), "degrees"],
  [
    "a line in metres",
    {
      type: "LineString",
      coordinates: [
        [2_600_000, 1_200_000],
        [8, 47],
      ],
    },
    "degrees",
  ],
  ["no numbers", { type: "Point", coordinates: ["8", "47"] }, "unreadable"],
  ["one number", { type: "Point", coordinates: [8] }, "unreadable"],
  ["null coordinates", { type: "Polygon", coordinates: null }, "unreadable"],
  ["an unknown type", { type: "constructor", coordinates: [8, 47] }, "unreadable"],
  ["a number", 8, "unreadable"],
  ["a collection without members", { type: "GeometryCollection" }, "unreadable"],
  ["an empty collection", { type: "GeometryCollection", geometries: [] }, null],
  ["an empty point", { type: "Point", coordinates: [] }, null],
  ["no place", null, null],
])("the map leaves out %s", (_, geometry, reason) => {
  expect(drawableOf(geometry)).toBe(reason);
});

test("points at a pole are left out of the others", () => {
  const points = {
    type: "MultiPoint",
    coordinates: [
      [8, 47],
      [0, 90],
    ],
  };
  const geometries = [points, point(8, 47), point(0, -90), { type: "Point", coordinates: [] }];
  expect(drawableOf({ type: "GeometryCollection", geometries })).toEqual({
    type: "GeometryCollection",
    geometries: [{ type: "MultiPoint", coordinates: [[8, 47]] }, point(8, 47)],
  });
});

test("every shape that is drawn has finite pixels", () => {
  const position = fc.tuple(
    fc.oneof(fc.double({ min: -360, max: 360, noNaN: true }), fc.constantFrom(-180, 0, 180)),
    fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.constantFrom(-90, -85.05, 85.05, 90)),
  );
  const line = fc.array(position, { minLength: 2, maxLength: 5 });
  const ring = fc.array(position, { minLength: 3, maxLength: 5 }).map((open) => [...open, open[0]]);
  const single = fc.oneof(
    position.map((coordinates) => ({ type: "Point", coordinates })),
    line.map((coordinates) => ({ type: "MultiPoint", coordinates })),
    line.map((coordinates) => ({ type: "LineString", coordinates })),
    fc.array(ring, { minLength: 1, maxLength: 2 }).map((coordinates) => ({ type: "Polygon", coordinates })),
  );
  const collection = fc
    .array(single, { maxLength: 3 })
    .map((geometries) => ({ type: "GeometryCollection", geometries }));
  const geometry = fc.oneof(single, collection);
  fc.assert(
    fc.property(fc.array(geometry, { maxLength: 4 }), (given) => {
      const geometries = given.flatMap((each): Geometry[] => {
        const drawable = drawableOf(each);
        return drawable === null || typeof drawable === "string" ? [] : [straighten(drawable)];
      });
      const projection = projectionFor(geometries, size);
      expect(kilometresPerPixel(projection, size)).toBeGreaterThan(0);
      expect(JSON.stringify(scaleBar(kilometresPerPixel(projection, size), 96))).not.toMatch(/null|NaN/);
      for (const place of placeRows(tableOf(geometries), projection)) {
        if ("path" in place) expect(place.path).not.toMatch(/NaN|Infinity/);
        else expect([place.x, place.y].every(Number.isFinite)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test("a polygon is filled inside, in the order of RFC 7946 and in the other one, also across the date line", () => {
  const square = [
    [170, 0],
    [-170, 0],
    [-170, 10],
    [170, 10],
    [170, 0],
  ];
  for (const coordinates of [[square], [[...square].reverse()]]) {
    const geometry = drawableOf({ type: "Polygon", coordinates });
    if (geometry === null || typeof geometry === "string") throw new Error("A polygon.");
    const oriented = straighten(geometry);
    const [place] = placeRows(tableOf([oriented]), projectionFor([oriented], size));
    expect(place && "path" in place && place.path.split("M")).toHaveLength(2);
    expect(kilometresPerPixel(projectionFor([oriented], size), size)).toBeLessThan(10);
  }
});

/** Whether d3-geo takes the position for inside of the area. */
const contains = (geometry: Geometry, longitude: number, latitude: number) =>
  geoContains(straighten(geometry), [longitude, latitude]);

const boxOf = (west: number, south: number, east: number, north: number): Polygon => {
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return { type: "Polygon", coordinates: [ring] };
};

test("an area has straight edges in degrees and contains what they enclose, however wide it is", () => {
  const longitude = fc.integer({ min: -179, max: 179 });
  const latitude = fc.integer({ min: -80, max: 80 });
  fc.assert(
    fc.property(
      longitude,
      fc.integer({ min: 1, max: 300 }),
      latitude,
      latitude,
      longitude,
      latitude,
      (west, width, y0, y1, x, y) => {
        const [south, north, east] = [Math.min(y0, y1), Math.max(y0, y1), Math.min(180, west + width)];
        fc.pre(
          north > south &&
            [west, east].every((edge) => Math.abs(x - edge) > 0) &&
            [south, north].every((edge) => Math.abs(y - edge) > 0),
        );
        const box = boxOf(west, south, east, north);
        const isInside = x > west && x < east && y > south && y < north;
        expect(contains(box, x, y)).toBe(isInside);
        expect(contains({ type: "Polygon", coordinates: box.coordinates.map((ring) => ring.toReversed()) }, x, y)).toBe(
          isInside,
        );
      },
    ),
    { numRuns: 300 },
  );
});

test("the whole world, a half of it and an area around a pole are drawn", () => {
  const antarctica = [
    [-180, -90],
    [-180, -70],
    [0, -65],
    [180, -70],
    [180, -90],
    [-180, -90],
  ];
  const shapes = [
    boxOf(-180, -90, 180, 90),
    boxOf(-180, 0, 0, 90),
    { type: "Polygon", coordinates: [antarctica] } as const,
  ];
  for (const shape of shapes) {
    const drawable = drawableOf(shape);
    if (drawable === null || typeof drawable === "string") throw new Error(`It is not drawn: ${drawable}.`);
    const straight = straighten(drawable);
    const [[west, south], [east, north]] = geoPath(geoMercator().scale(1).translate([0, 0])).bounds(straight);
    expect((east - west) * (south - north)).not.toBe(0);
    const [place] = placeRows(tableOf([straight]), projectionFor([straight], size));
    expect(place).toHaveProperty("path");
  }
  expect(contains(boxOf(-180, -90, 180, 90), 12, 34)).toBe(true);
  expect(contains(boxOf(-180, 0, 0, 80), 90, 40)).toBe(false);
});
