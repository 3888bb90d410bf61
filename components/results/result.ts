import type { Feature, Geometry, Position } from "geojson";
import { parseCsv } from "./csv";

export type Cell = string | number | boolean | null;

/** A column of a result. Numbers are aligned to the right and sorted by value. */
export interface ResultColumn {
  name: string;
  kind: "number" | "text";
}

/** A result as a table. `geometries[3]` is the place of `rows[3]`. */
export interface ResultTable {
  columns: ResultColumn[];
  rows: Cell[][];
  /** Null for a result without places. */
  geometries: (Geometry | null)[] | null;
}

/**
 * Parses the text of a result. Returns null if it is not a list of records or if its format is not a text format. Such a
 * result can only be downloaded.
 *
 * @throws SyntaxError if the format is a kind of JSON and the text is not.
 */
export function readResult(text: string, output: string): ResultTable | null {
  if (output === "csv") return tableOfCsv(text);
  if (output !== "json" && output !== "geojson") return null;
  const value = parseExactly(text);
  if (isFeatureCollection(value)) return tableOfFeatures(value.features);
  return Array.isArray(value) && value.every(isRecord) ? tableOfRecords(value, null) : null;
}

/** Parses JSON. Integers that a JavaScript number cannot represent exactly become text with all their digits. */
function parseExactly(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(
    text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) => (isTooLong(token) ? `"${token}"` : token)),
  );
}

const isTooLong = (token: string) => /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token));

function tableOfCsv(text: string): ResultTable {
  const [header = [], ...records] = parseCsv(text);
  const kinds = header.map((_, at) => (records.every((record) => isNumberText(record[at])) ? "number" : "text"));
  return {
    columns: header.map((name, at) => ({ name, kind: kinds[at] ?? "text" })),
    rows: records.map((record) => header.map((_, at) => cellOfText(record[at] ?? "", kinds[at]))),
    geometries: null,
  };
}

function isNumberText(text: string | undefined): boolean {
  // Leading zeros are part of a code (a ZIP code, an id), not of a number.
  return text === undefined || text === "" || /^-?(0|[1-9]\d{0,14})(\.\d+)?(e[+-]?\d+)?$/i.test(text);
}

function cellOfText(text: string, kind: ResultColumn["kind"] | undefined): Cell {
  if (text === "") return null;
  return kind === "number" ? Number(text) : text;
}

function tableOfFeatures(features: Feature[]): ResultTable {
  const geometries = features.map((feature) => feature.geometry ?? null);
  const records = features.map((feature) => feature.properties ?? {});
  const hasOnlyPoints = geometries.every((geometry) => geometry === null || geometry.type === "Point");
  const hasCoordinates = records.some((record) => "longitude" in record || "latitude" in record);
  const completed =
    hasOnlyPoints && !hasCoordinates
      ? records.map((record, at) => ({ ...record, ...position(geometries[at]) }))
      : records;
  return tableOfRecords(completed, geometries);
}

function position(geometry: Geometry | null | undefined): Record<string, number | undefined> {
  const [longitude, latitude]: Position = geometry?.type === "Point" ? geometry.coordinates : [];
  return { longitude, latitude };
}

function tableOfRecords(records: Record<string, unknown>[], geometries: ResultTable["geometries"]): ResultTable {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const rows = records.map((record) => names.map((name) => cellOf(record[name])));
  const columns = names.map((name, at): ResultColumn => {
    const filled = rows.map((row) => row[at]).filter((cell) => cell !== null);
    return { name, kind: filled.length > 0 && filled.every((cell) => typeof cell === "number") ? "number" : "text" };
  });
  return { columns, rows, geometries };
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? JSON.stringify(value) : (value as Cell);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isFeatureCollection(value: unknown): value is { features: Feature[] } {
  return isRecord(value) && value.type === "FeatureCollection" && Array.isArray(value.features);
}
