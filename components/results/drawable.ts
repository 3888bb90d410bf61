import type { Geometry, Position } from "geojson";

/** Why a place is not on the map: its coordinates are not degrees, it is at a pole, or it is not a geometry. */
export type NotDrawn = "degrees" | "pole" | "unreadable";

/** Mercator's projection ends here. */
export const latitudeMax = 85.05;
/** Data that crosses the date line counts up to 360. */
const longitudeMax = 360;

/** Checks a geometry of GeoJSON and leaves out points at the poles, or says why it cannot be drawn. Null for none. */
export function drawableOf(given: unknown): Geometry | NotDrawn | null {
  if (given === null) return null;
  const geometry = readGeometry(given);
  if (!geometry) return "unreadable";
  const positions = positionsOf(geometry);
  if (positions.length === 0) return null;
  if (!positions.every(isInDegrees)) return "degrees";
  if (!isSomewhere(geometry)) return "pole";
  return withoutPoles(geometry);
}

const depths: Record<string, number> = {
  Point: 0,
  MultiPoint: 1,
  LineString: 1,
  MultiLineString: 2,
  Polygon: 2,
  MultiPolygon: 3,
};

function readGeometry(given: unknown): Geometry | null {
  if (typeof given !== "object" || given === null) return null;
  const { type, coordinates, geometries } = given as Record<string, unknown>;
  if (type === "GeometryCollection") {
    const isWhole = Array.isArray(geometries) && geometries.every((member) => readGeometry(member) !== null);
    return isWhole ? (given as Geometry) : null;
  }
  const depth = typeof type === "string" && Object.hasOwn(depths, type) ? depths[type] : undefined;
  return depth !== undefined && areCoordinates(coordinates, depth) ? (given as Geometry) : null;
}

function areCoordinates(given: unknown, depth: number): boolean {
  if (!Array.isArray(given)) return false;
  if (depth > 0) return given.every((part) => areCoordinates(part, depth - 1));
  return given.length === 0 || (given.length >= 2 && given.every((coordinate) => typeof coordinate === "number"));
}

function positionsOf(geometry: Geometry): Position[] {
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(positionsOf);
  const depth = depths[geometry.type] ?? 0;
  const positions: unknown[] = depth === 0 ? [geometry.coordinates] : geometry.coordinates.flat(depth - 1);
  return (positions as Position[]).filter(({ length }) => length > 0);
}

const isInDegrees = ([longitude = Number.NaN, latitude = Number.NaN]: Position) =>
  Math.abs(longitude) <= longitudeMax && Math.abs(latitude) <= 90;

/** Lines and areas are kept: they end where the map ends. */
function withoutPoles(geometry: Geometry): Geometry {
  switch (geometry.type) {
    case "MultiPoint":
      return { ...geometry, coordinates: geometry.coordinates.filter((position) => !isAtPole(position)) };
    case "GeometryCollection":
      return { ...geometry, geometries: geometry.geometries.filter(isSomewhere).map(withoutPoles) };
    default:
      return geometry;
  }
}

/** Whether it is not at a pole alone. Lines and areas from one pole to the other are between them. */
function isSomewhere(geometry: Geometry): boolean {
  if (geometry.type === "GeometryCollection") return geometry.geometries.some(isSomewhere);
  const positions = positionsOf(geometry);
  if (!positions.every(isAtPole)) return true;
  const isNorth = positions.map(([, latitude = 0]) => latitude > 0);
  return !geometry.type.endsWith("Point") && new Set(isNorth).size > 1;
}

const isAtPole = ([, latitude = 0]: Position) => Math.abs(latitude) > latitudeMax;
