import { DuckDBTypeId } from "@duckdb/node-api";
import { checkGeometry, GeometryFault, geometryOfText, geometryOfWkb, isInDegrees, numberOfText } from "./geometry.mjs";
import { jsonWriter, objectWriter } from "./json-text.mjs";
import { EngineRefusal } from "./refusal.mjs";
import { textWriter, wholeTypes } from "./value-text.mjs";

/** Returns what writes rows as features (RFC 7946), and how many were not in degrees. Refuses those without a place.
 * @param {{ name: string, index: number, type: import("@duckdb/node-api").DuckDBType }[]} columns */
export function featureWriter(columns) {
  const places = placeReader(columns);
  const properties = columns.filter((column) => !places.columns.includes(column));
  const writeProperties = objectWriter(properties.map(({ name, type }) => ({ name, write: jsonWriter(type) })));
  const counts = { notDegrees: 0 };
  const write = (row, number) => {
    const geometry = places.read(row, number);
    if (!isInDegrees(geometry)) counts.notDegrees++;
    const values = properties.map(({ index }) => row[index]);
    return `{"type":"Feature","geometry":${JSON.stringify(geometry)},"properties":${writeProperties(values)}}`;
  };
  return { write, counts };
}

/** The place is a column `geometry`, else the first of the type GEOMETRY, else `longitude` and `latitude`. */
function placeReader(columns) {
  const findColumn = (wanted) => columns.find(({ name }) => name.toLowerCase() === wanted);
  const geometry = findColumn("geometry") ?? columns.find(({ type }) => type.typeId === DuckDBTypeId.GEOMETRY);
  if (geometry) return { columns: [geometry], read: geometryReader(geometry) };
  const [longitude, latitude] = [findColumn("longitude"), findColumn("latitude")];
  if (!longitude || !latitude) {
    throw new EngineRefusal(
      "format",
      "For GeoJSON output, the query must return a geometry column, or longitude and latitude columns.",
    );
  }
  const [readLongitude, readLatitude] = [coordinateReader(longitude), coordinateReader(latitude)];
  const read = (row, number) => {
    const coordinates = [readLongitude(row, number), readLatitude(row, number)];
    return coordinates.includes(null) ? null : { type: "Point", coordinates };
  };
  return { columns: [longitude, latitude], read };
}

function geometryReader({ name, index, type }) {
  const parse = geometryParser(type);
  return (row, number) => {
    if (row[index] === null) return null;
    try {
      return checkGeometry(parse(row[index]));
    } catch (error) {
      const why = error instanceof GeometryFault ? error.message : "it cannot be read";
      throw new EngineRefusal("format", `The ${name} in row ${number} is not a geometry: ${why}.`);
    }
  };
}

function geometryParser(type) {
  const { typeId, alias } = type;
  if (typeId === DuckDBTypeId.GEOMETRY || typeId === DuckDBTypeId.BLOB) return ({ bytes }) => geometryOfWkb(bytes);
  if (typeId === DuckDBTypeId.VARCHAR && alias !== "JSON") return geometryOfText;
  const write = jsonWriter(type);
  return (value) => {
    const parsed = JSON.parse(write(value));
    return typeof parsed === "string" ? geometryOfText(parsed) : parsed;
  };
}

function coordinateReader({ name, index, type }) {
  const isNumber = wholeTypes.has(type.typeId) || [DuckDBTypeId.FLOAT, DuckDBTypeId.DOUBLE].includes(type.typeId);
  const write = textWriter(type);
  return (row, number) => {
    const value = row[index];
    if (value === null || (typeof value === "number" && !Number.isFinite(value))) return null;
    const coordinate = isNumber ? Number(write(value)) : typeof value === "string" ? numberOfText(value) : Number.NaN;
    if (coordinate !== null && !Number.isFinite(coordinate)) {
      throw new EngineRefusal("format", `The ${name} in row ${number} is not a number: ${shorten(write(value))}`);
    }
    return coordinate;
  };
}

const shorten = (text) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
