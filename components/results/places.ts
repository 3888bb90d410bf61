import { type GeoProjection, geoPath } from "d3-geo";
import type { Point } from "geojson";
import type { JobView } from "@/lib/jobs/schema";
import type { MapView } from "./map-view";
import type { Cell, ResultTable } from "./result";

/** Where a row lies on the unmoved map, in pixels: a dot, or for lines and areas a path. */
export type Place = Dot | { row: number; path: string };
export interface Dot {
  row: number;
  x: number;
  y: number;
  radius: number;
}

/** More would make dragging slow; the table has them all. */
const placesMax = 2000;
const crowd = 400;

/**
 * Where the rows lie, large dots first so that small ones are drawn over them. Rows without a place, and places that
 * Mercator cannot show (the poles), are left out, and so are all after the first 2,000.
 */
export function placeRows(table: ResultTable, projection: GeoProjection): Place[] {
  const geometries = table.geometries ?? [];
  const shrink = geometries.length > crowd ? 0.6 : 1;
  const draw = geoPath(projection).digits(2);
  const places = geometries.flatMap((geometry, row): Place[] => {
    if (geometry?.type === "Point") {
      const [x, y] = pixelOf(projection, geometry);
      return Number.isFinite(x) && Number.isFinite(y) ? [{ row, x, y, radius: shrink * radiusOf(table, row) }] : [];
    }
    const path = geometry && draw(geometry);
    return path ? [{ row, path }] : [];
  });
  const size = (place: Place) => ("path" in place ? Number.POSITIVE_INFINITY : place.radius);
  return places.slice(0, placesMax).sort((one, other) => (size(one) < size(other) ? 1 : -1));
}

/** Where a point lies on the unmoved map; not a number where the projection cannot show it. */
export function pixelOf(projection: GeoProjection, { coordinates }: Point): [number, number] {
  const [longitude = Number.NaN, latitude = Number.NaN] = coordinates;
  return projection([longitude, latitude]) ?? [Number.NaN, Number.NaN];
}

/** The row of the dot at a pixel of the screen, or within `slack` pixels of it; the nearest one when there are several. */
export function rowAt(places: Place[], view: MapView, [x, y]: readonly [number, number], slack: number): number | null {
  let nearest: { row: number; gap: number } | null = null;
  for (const place of places) {
    if ("path" in place) continue;
    const gap = Math.hypot(place.x * view.scale + view.x - x, place.y * view.scale + view.y - y) - place.radius;
    if (gap <= slack && (nearest === null || gap <= nearest.gap)) nearest = { row: place.row, gap };
  }
  return nearest?.row ?? null;
}

const radiusPlain = 5;
const radiusMax = 20;

/** In pixels: by the row's magnitude where the result has one. */
function radiusOf(table: ResultTable, row: number): number {
  const magnitude = cellOfColumn(table, row, /^mag(nitude)?$/i);
  return typeof magnitude === "number" ? Math.min(radiusMax, 3 + 1.75 * Math.max(0, magnitude)) : radiusPlain;
}

/** What a row is called: its title, place or name, else its first text, else its number. */
export function titleOf(table: ResultTable, row: number): string {
  const title =
    cellOfColumn(table, row, /^(title|place|name)$/i) ?? table.rows[row]?.find((cell) => typeof cell === "string");
  return title === undefined || title === null ? `Row ${row + 1}` : String(title);
}

function cellOfColumn(table: ResultTable, row: number, name: RegExp): Cell | undefined {
  const at = table.columns.findIndex((column) => name.test(column.name));
  return at === -1 ? undefined : table.rows[row]?.[at];
}

/** The place that a run was asked about: its parameters LATITUDE and LONGITUDE in degrees, if it has both. */
export function requestedPlace(parameters: JobView["parameters"]): Point | null {
  const named = (wanted: string) =>
    Object.entries(parameters).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? null;
  const [longitude, latitude] = [named("longitude"), named("latitude")];
  if (typeof longitude !== "number" || typeof latitude !== "number") return null;
  return { type: "Point", coordinates: [longitude, latitude] };
}
