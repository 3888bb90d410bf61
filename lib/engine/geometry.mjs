import wkx from "wkx";
import { depths, geometryOfWkt } from "./wkt.mjs";

/** Writes well-known binary as well-known text. @param {Uint8Array} bytes */
export function wktOf(bytes) {
  // An empty point has NaN as its coordinates in well-known binary.
  return wkbOf(bytes)
    .toWkt()
    .replace(/\(NaN NaN(?: NaN)*\)/g, " EMPTY")
    .replace(/NaN NaN(?: NaN)*/g, "EMPTY")
    .replace(/^(\w+(?: [ZM]+)?) {2}/, "$1 ");
}

/** Reads well-known binary as GeoJSON, not yet checked. @param {Uint8Array} bytes */
export const geometryOfWkb = (bytes) => wkbOf(bytes).toGeoJSON();

const wkbOf = (bytes) => wkx.Geometry.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));

/** Reads GeoJSON, well-known text, or well-known binary in hexadecimal digits. @param {string} text */
export function geometryOfText(text) {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (trimmed.startsWith("{") || trimmed === "null") return JSON.parse(trimmed);
  if (/^(?:[\da-f]{2})+$/i.test(trimmed)) return geometryOfWkb(Buffer.from(trimmed, "hex"));
  const geometry = geometryOfWkt(trimmed);
  if (geometry === null) throw new GeometryFault("it is not well-known text");
  return geometry;
}

/** Makes a geometry one of RFC 7946: with its own members alone, numbers as coordinates, and rings that follow the
 * right-hand rule. Null for an empty one. Throws a GeometryFault that says what is wrong. @param {unknown} given */
export function checkGeometry(given) {
  if (given === null) return null;
  if (typeof given !== "object") throw new GeometryFault("it is neither GeoJSON nor well-known text or binary");
  const { type, coordinates, geometries } = /** @type {Record<string, any>} */ (given);
  if (type === "GeometryCollection") {
    if (!Array.isArray(geometries)) throw new GeometryFault("it has no list of geometries");
    const members = geometries.map(checkGeometry).filter((member) => member !== null);
    return members.length > 0 ? { type, geometries: members } : null;
  }
  if (typeof type !== "string" || !Object.hasOwn(depths, type)) throw new GeometryFault("its type is none of GeoJSON");
  const checked = checkCoordinates(coordinates, depths[type]);
  if (checked === null) return null;
  if (type === "LineString") checkLine(checked);
  if (type === "MultiLineString") checked.forEach(checkLine);
  if (type === "Polygon") checked.forEach(orientRing);
  if (type === "MultiPolygon") for (const polygon of checked) polygon.forEach(orientRing);
  return { type, coordinates: checked };
}

export class GeometryFault extends Error {}

function checkCoordinates(given, depth) {
  if (given === null) return null;
  if (!Array.isArray(given)) throw new GeometryFault("its coordinates are not lists as its type requires");
  if (depth === 0) return checkPosition(given);
  const parts = given.map((part) => checkCoordinates(part, depth - 1)).filter((part) => part !== null);
  return parts.length > 0 ? parts : null;
}

function checkPosition(given) {
  const [x, y, z] = given.slice(0, 3).map(coordinateOf);
  if ((x ?? null) === null && (y ?? null) === null) return null;
  if (typeof x !== "number" || typeof y !== "number") throw new GeometryFault("a position has fewer than two numbers");
  return typeof z === "number" ? [x, y, z] : [x, y];
}

function coordinateOf(given) {
  if (given === null || typeof given === "number") return Number.isFinite(given) ? given : null;
  const number = typeof given === "string" ? numberOfText(given) : Number.NaN;
  if (Number.isNaN(number)) throw new GeometryFault("a coordinate is not a number");
  return number;
}

/** Reads a number with a decimal point or comma. Null for empty text, NaN for any other. @param {string} text */
export function numberOfText(text) {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (!/^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i.test(trimmed)) return Number.NaN;
  const number = Number(trimmed.replace(",", "."));
  return Number.isFinite(number) ? number : Number.NaN;
}

function checkLine(line) {
  if (line.length < 2) throw new GeometryFault("a line has fewer than two positions");
}

/** The first ring of a polygon is counterclockwise, its holes are clockwise (RFC 7946, section 3.1.6). */
function orientRing(ring, at) {
  const last = ring.at(-1);
  if (ring.length < 4 || ring[0].some((coordinate, axis) => coordinate !== last[axis])) {
    throw new GeometryFault("a ring of its polygon is not closed");
  }
  const [[x0, y0]] = ring;
  let area = 0;
  for (let i = 1; i < ring.length; i++) {
    const [[x1, y1], [x2, y2]] = [ring[i - 1], ring[i]];
    area += (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
  }
  if (at === 0 ? area < 0 : area > 0) ring.reverse();
}

/** Whether all its positions are degrees of longitude and latitude. @param {any} geometry of {@link checkGeometry} */
export function isInDegrees(geometry) {
  if (geometry === null) return true;
  if (geometry.type === "GeometryCollection") return geometry.geometries.every(isInDegrees);
  const areDegrees = (part) =>
    typeof part[0] === "number" ? isDegrees(part[0], part[1]) : part.every((inner) => areDegrees(inner));
  return areDegrees(geometry.coordinates);
}

/** Data that crosses the date line counts up to 360. @param {number} longitude @param {number} latitude */
const isDegrees = (longitude, latitude) => Math.abs(longitude) <= 360 && Math.abs(latitude) <= 90;
