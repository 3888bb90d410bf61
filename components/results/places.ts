import { type GeoProjection, geoPath } from "d3-geo";
import type { Point } from "geojson";
import type { JobView } from "@/lib/jobs/schema";
import type { MapView } from "./map-view";
import type { Cell, ResultColumn, ResultTable } from "./result";

/** The place of a row on the map, in pixels before panning and zooming: a dot, or a path for lines and areas. */
export type Place = Dot | { row: number; path: string };
export interface Dot {
  row: number;
  x: number;
  y: number;
  radius: number;
}

/** More places would make dragging slow. The table shows all rows. */
const placesMax = 2000;
/** Above this number of places the dots are smaller. */
const crowdMin = 400;

/**
 * Places the rows on the map, large dots first so that small dots are drawn over them. Rows without a place, places that
 * Mercator cannot show (the poles), and all places after the first 2,000 are left out.
 */
export function placeRows(table: ResultTable, projection: GeoProjection): Place[] {
  const geometries = table.geometries ?? [];
  const shrink = geometries.length > crowdMin ? 0.6 : 1;
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

/** Converts a point to pixels before panning and zooming. The pixels are NaN where the projection cannot show the point. */
export function pixelOf(projection: GeoProjection, { coordinates }: Point): [number, number] {
  const [longitude = Number.NaN, latitude = Number.NaN] = coordinates;
  return projection([longitude, latitude]) ?? [Number.NaN, Number.NaN];
}

/** Finds the row of the nearest dot that is at most `slackPx` pixels from a pixel of the screen. */
export function rowAt(
  places: Place[],
  view: MapView,
  [x, y]: readonly [number, number],
  slackPx: number,
): number | null {
  let nearest: { row: number; gap: number } | null = null;
  for (const place of places) {
    if ("path" in place) continue;
    const gap = Math.hypot(place.x * view.scale + view.x - x, place.y * view.scale + view.y - y) - place.radius;
    if (gap <= slackPx && (nearest === null || gap <= nearest.gap)) nearest = { row: place.row, gap };
  }
  return nearest?.row ?? null;
}

const defaultRadius = 5;
const radiusMax = 20;

/** The radius in pixels. It grows with the row's magnitude if the result has one. */
function radiusOf(table: ResultTable, row: number): number {
  const magnitude = Number(cellOfColumn(table, row, /^mag(nitude)?$/i, "number") ?? Number.NaN);
  return Number.isNaN(magnitude) ? defaultRadius : Math.min(radiusMax, 3 + 1.75 * Math.max(0, magnitude));
}

/** Names a row by its title, place or name, else by its first text, else by its number. */
export function titleOf(table: ResultTable, row: number): string {
  return (
    cellOfColumn(table, row, /^(title|place|name)$/i) ||
    table.rows[row]?.find((cell, at) => cell && table.columns[at]?.kind === "text") ||
    `Row ${row + 1}`
  );
}

function cellOfColumn(table: ResultTable, row: number, name: RegExp, kind?: ResultColumn["kind"]): Cell | undefined {
  const at = table.columns.findIndex((column) => name.test(column.name) && (!kind || column.kind === kind));
  return at === -1 ? undefined : table.rows[row]?.[at];
}

/** The place that a run's parameters LATITUDE and LONGITUDE (in degrees) name, or null without both of them. */
export function requestedPlace(parameters: JobView["parameters"]): Point | null {
  const parameterOf = (wanted: string) =>
    Object.entries(parameters).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? null;
  const [longitude, latitude] = [parameterOf("longitude"), parameterOf("latitude")];
  if (typeof longitude !== "number" || typeof latitude !== "number") return null;
  return { type: "Point", coordinates: [longitude, latitude] };
}
