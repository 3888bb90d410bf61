import { open, stat } from "node:fs/promises";
import { DuckDBTypeId, ResultReturnType } from "@duckdb/node-api";
import { quote } from "./confine.mjs";
import { jsonText, objectText } from "./json-text.mjs";
import { EngineRefusal } from "./refusal.mjs";
import { bindParameters } from "./statement.mjs";

/** Writes the rows to the file `result`. @param {import("@duckdb/node-api").DuckDBConnection} connection
 * @param {{ format: string, result: string, outputBytes: number, values: object }} order @param {string} sql
 * @returns {Promise<{ rows: number, bytes: number }>} */
export function writeResult(connection, order, sql) {
  return order.format in copyOptions ? copyRows(connection, order, sql) : writeRows(connection, order, sql);
}

const copyOptions = { csv: "FORMAT csv, HEADER", parquet: "FORMAT parquet" };

async function copyRows(connection, { format, result, outputBytes, values }, sql) {
  const prepared = await connection.prepare(
    `COPY (${sql}\n) TO ${quote(result)} (${copyOptions[format]}, USE_TMP_FILE false)`,
  );
  bindParameters(prepared, values);
  const copying = prepared.runAndReadAll();
  const [reader] = await Promise.race([
    Promise.all([copying]),
    watchSize(result, outputBytes, () => connection.interrupt()),
  ]);
  const { size } = await stat(result);
  if (size > outputBytes) throw tooLarge();
  return { rows: Number(reader.getRows()[0]?.[0]), bytes: size };
}

function watchSize(file, outputBytes, stop) {
  return new Promise((_, reject) => {
    setInterval(async () => {
      const size = (await stat(file).catch(() => null))?.size ?? 0;
      if (size <= outputBytes) return;
      stop();
      reject(tooLarge());
    }, 20).unref();
  });
}

/** Writes JSON or GeoJSON row by row, since DuckDB's writer puts NaN into JSON and does not write GeoJSON. */
async function writeRows(connection, order, sql) {
  const { format, result, outputBytes, values } = order;
  const prepared = await connection.prepare(sql);
  bindParameters(prepared, values);
  const rowsOf = await prepared.stream();
  const { opening, rowText, closing } = layouts[format](rowsOf);
  const file = await open(result, "w");
  let rows = 0;
  let bytes = 0;
  const write = async (text) => {
    bytes += Buffer.byteLength(text);
    if (bytes > outputBytes) throw tooLarge();
    await file.write(text);
  };
  await write(opening);
  for await (const chunk of rowsOf) {
    const texts = chunk.getRows().map((row, index) => rowText(row, rows + index + 1));
    if (texts.length > 0) await write((rows === 0 ? "\n" : ",\n") + texts.join(",\n"));
    rows += texts.length;
  }
  await write(closing);
  await file.close();
  // A stream ends at an error as it ends after the last row, and only this type tells. A copy throws the error.
  if (rowsOf.returnType === ResultReturnType.INVALID) {
    await copyRows(connection, { ...order, format: "csv" }, sql);
    throw new EngineRefusal("sql", `The query failed after row ${rows}.`);
  }
  return { rows, bytes };
}

const layouts = {
  json: (result) => {
    const columns = columnsOf(result);
    return { opening: "[", rowText: (row) => objectText(membersOf(row, columns)), closing: "\n]\n" };
  },
  /** A feature per row, with longitude before latitude (RFC 7946). */
  geojson: (result) => {
    const columns = columnsOf(result);
    const { geometryText, usedColumns } = geometryOf(columns);
    const properties = columns.filter((column) => !usedColumns.includes(column));
    const rowText = (row, number) =>
      `{"type":"Feature","geometry":${geometryText(row, number)},"properties":${objectText(membersOf(row, properties))}}`;
    return { opening: '{"type":"FeatureCollection","features":[', rowText, closing: "\n]}\n" };
  },
};

function columnsOf(result) {
  return result.deduplicatedColumnNames().map((name, index) => ({ name, index, type: result.columnType(index) }));
}

const membersOf = (row, columns) => columns.map(({ name, index, type }) => [name, row[index], type]);

function geometryOf(columns) {
  const findColumn = (wanted) => columns.find(({ name }) => name.toLowerCase() === wanted);
  const geometry = findColumn("geometry");
  if (geometry) {
    const { index, type } = geometry;
    const isText = type.typeId === DuckDBTypeId.VARCHAR;
    return {
      usedColumns: [geometry],
      geometryText: (row, number) => (isText ? parseGeometry(row[index], number) : jsonText(row[index], type)),
    };
  }
  const [longitude, latitude] = [findColumn("longitude"), findColumn("latitude")];
  if (!longitude || !latitude) {
    throw new EngineRefusal(
      "format",
      "For GeoJSON output, the query must return a geometry column, or longitude and latitude columns.",
    );
  }
  return {
    usedColumns: [longitude, latitude],
    geometryText: (row) => {
      const position = [longitude, latitude].map(({ index, type }) => jsonText(row[index], type));
      return position.includes("null") ? "null" : `{"type":"Point","coordinates":[${position.join(",")}]}`;
    },
  };
}

function parseGeometry(text, number) {
  if (text === null) return "null";
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    throw new EngineRefusal("format", `The geometry in row ${number} is not valid GeoJSON.`);
  }
}

const tooLarge = () => new EngineRefusal("output", "The result is too large.");
