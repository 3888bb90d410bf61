import type { Geometry } from "geojson";
import { parseCsv } from "./csv";
import { drawableOf, type NotDrawn } from "./drawable";
import { itemsOf, membersOf } from "./json-text";

/** The text of a value as it was answered. Null for a value that is missing. */
export type Cell = string | null;

/** A column of a result. Numbers are aligned to the right and sorted by value. */
export interface ResultColumn {
  name: string;
  kind: "number" | "text";
}

/** A result as a table. `geometries[3]` is the place of `rows[3]`. */
export interface ResultTable {
  columns: ResultColumn[];
  rows: Cell[][];
  /** Null for a result without places. A place that the map cannot draw is null. */
  geometries: (Geometry | null)[] | null;
  /** How many places the map cannot draw, by reason. */
  notDrawn: Record<NotDrawn, number>;
}

/**
 * Parses the text of a result. Returns null if it is not a list of records or if its format is not a text format. Such a
 * result can only be downloaded.
 *
 * @throws SyntaxError if the format is a kind of JSON and the text is not.
 */
export function readResult(text: string, output: string): ResultTable | null {
  if (output === "csv") return withPlaces(tableOfCsv(text));
  if (output !== "json" && output !== "geojson") return null;
  const value: unknown = JSON.parse(text);
  if (isFeatureCollection(value)) return tableOfFeatures(text, value.features);
  return Array.isArray(value) && value.every(isRecord)
    ? withPlaces(tableOfRecords(itemsOf(text).map(membersOf)))
    : null;
}

/** Adds the places of a table that has numbers in a column for the latitude and in one for the longitude. */
function withPlaces(table: ResultTable): ResultTable {
  const positionOfColumn = (name: RegExp) =>
    table.columns.findIndex((column) => column.kind === "number" && name.test(column.name));
  const [latitudeAt, longitudeAt] = [
    positionOfColumn(/^lat(?:itude)?$/i),
    positionOfColumn(/^(?:lon(?:g(?:itude)?)?|lng)$/i),
  ];
  if (latitudeAt < 0 || longitudeAt < 0) return table;
  const points = table.rows.map((row) => {
    const [longitude, latitude] = [row[longitudeAt] ?? null, row[latitudeAt] ?? null];
    if (longitude === null || latitude === null) return null;
    return { type: "Point", coordinates: [Number(longitude), Number(latitude)] };
  });
  return { ...table, ...drawablesOf(points) };
}

/** Checks the places of rows, and counts those that the map cannot draw. */
function drawablesOf(places: unknown[]): Pick<ResultTable, "geometries" | "notDrawn"> {
  const notDrawn = { ...noneNotDrawn };
  const geometries = places.map((place) => {
    const drawable = drawableOf(place);
    if (typeof drawable !== "string") return drawable;
    notDrawn[drawable] += 1;
    return null;
  });
  return { geometries, notDrawn };
}

const noneNotDrawn = { degrees: 0, pole: 0, unreadable: 0 };

function tableOfCsv(text: string): ResultTable {
  const [header = [], ...rows] = parseCsv(text);
  const columns = header.map((name, at): ResultColumn => {
    const filled = rows.map((row) => row[at] ?? null).filter((cell) => cell !== null);
    return { name: name ?? "", kind: filled.length > 0 && filled.every(isNumberOfCsv) ? "number" : "text" };
  });
  return { columns, rows, geometries: null, notDrawn: noneNotDrawn };
}

/** Leading zeros are part of a code (a ZIP code, an id), not of a number. */
const isNumberOfCsv = (text: string) => /^(?:-?(?:(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?|inf)|nan)$/i.test(text);

type Member = [name: string, value: string];

/** The texts are only for the cells, which keep every digit. */
function tableOfFeatures(text: string, parsed: Record<string, unknown>[]): ResultTable {
  const features = itemsOf(memberOf(membersOf(text), "features") ?? "[]").map(membersOf);
  const records = features.map((feature) => recordOf(memberOf(feature, "properties")));
  const hasOnlyPoints = parsed.every(({ geometry = null }) => geometry === null || isPoint(geometry));
  const hasCoordinates = records.some((record) => record.some(([name]) => /^(?:longitude|latitude)$/.test(name)));
  const completed =
    hasOnlyPoints && !hasCoordinates
      ? records.map((record, at) => [...record, ...positionOf(memberOf(features[at] ?? [], "geometry"))])
      : records;
  return { ...tableOfRecords(completed), ...drawablesOf(parsed.map(({ geometry = null }) => geometry)) };
}

const isPoint = (geometry: unknown) =>
  isRecord(geometry) && geometry.type === "Point" && Array.isArray(geometry.coordinates);

/** The properties of a feature may be null (RFC 7946, section 3.2). */
const recordOf = (text: string | undefined): Member[] => (text?.startsWith("{") ? membersOf(text) : []);

const memberOf = (members: Member[], wanted: string) => members.find(([name]) => name === wanted)?.[1];

/** The coordinates of a point as columns. Empty without a point. */
function positionOf(pointText: string | undefined): Member[] {
  const coordinates = memberOf(recordOf(pointText), "coordinates");
  if (coordinates === undefined) return [];
  const [longitude = "null", latitude = "null"] = itemsOf(coordinates);
  return [
    ["longitude", longitude],
    ["latitude", latitude],
  ];
}

function tableOfRecords(records: Member[][]): ResultTable {
  const places = new Map<string, number>();
  for (const record of records) for (const [name] of record) if (!places.has(name)) places.set(name, places.size);
  const isNumber = Array.from(places, () => true);
  const rows = records.map((record) => {
    const row: Cell[] = Array.from(places, () => null);
    for (const [name, value] of record) {
      const at = places.get(name) ?? 0;
      row[at] = cellOf(value);
      if (row[at] !== null && !/^[-\d]/.test(value)) isNumber[at] = false;
    }
    return row;
  });
  const columns = Array.from(places, ([name, at]): ResultColumn => {
    const kind = isNumber[at] && rows.some((row) => row[at] !== null) ? "number" : "text";
    return { name, kind };
  });
  return { columns, rows, geometries: null, notDrawn: noneNotDrawn };
}

/** Strings become their text. All other values stay as they are written, with all digits. */
function cellOf(value: string): Cell {
  if (value === "null") return null;
  return value.startsWith('"') ? JSON.parse(value) : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isFeatureCollection(value: unknown): value is { features: Record<string, unknown>[] } {
  return (
    isRecord(value) &&
    value.type === "FeatureCollection" &&
    Array.isArray(value.features) &&
    value.features.every(isRecord)
  );
}
