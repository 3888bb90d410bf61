import { open, stat } from "node:fs/promises";
import { ResultReturnType } from "@duckdb/node-api";
import { quote } from "./confine.mjs";
import { csvText, recordWriter } from "./csv-text.mjs";
import { featureWriter } from "./geojson.mjs";
import { jsonWriter, objectWriter } from "./json-text.mjs";
import { EngineRefusal } from "./refusal.mjs";
import { bindParameters } from "./statement.mjs";

/** `note` is for the log of the run. @param {import("@duckdb/node-api").DuckDBConnection} connection
 * @param {{ format: string, result: string, outputBytes: number, values: object }} order @param {string} sql
 * @returns {Promise<{ rows: number, bytes: number, note?: string | null }>} */
export function writeResult(connection, order, sql) {
  return order.format === "parquet" ? copyRows(connection, order, sql) : writeRows(connection, order, sql);
}

async function copyRows(connection, { result, outputBytes, values }, sql, options = "FORMAT parquet") {
  const prepared = await connection.prepare(`COPY (${sql}\n) TO ${quote(result)} (${options}, USE_TMP_FILE false)`);
  bindParameters(prepared, values);
  const watch = watchSize(result, outputBytes, () => connection.interrupt());
  const copying = prepared.runAndReadAll();
  const reader = await Promise.race([copying, watch.exceeded]).finally(watch.stop);
  const { size } = await stat(result);
  if (size > outputBytes) throw tooLarge();
  return { rows: Number(reader.getRows()[0]?.[0]), bytes: size };
}

/** `exceeded` rejects once the query was asked to end, which it may not have done yet. */
function watchSize(file, outputBytes, interrupt) {
  let timer;
  const exceeded = new Promise((_, reject) => {
    timer = setInterval(async () => {
      const size = (await stat(file).catch(() => null))?.size ?? 0;
      if (size <= outputBytes) return;
      interrupt();
      reject(tooLarge());
    }, 20);
  });
  return { exceeded, stop: () => clearInterval(timer) };
}

/** Writes text row by row, since DuckDB's writers put NaN into JSON, have no GeoJSON and no RFC 3339. */
async function writeRows(connection, order, sql) {
  const { format, result: path, outputBytes, values } = order;
  const prepared = await connection.prepare(sql);
  bindParameters(prepared, values);
  const result = await prepared.stream();
  const columns = columnsOf(result);
  const layout = layouts[format](columns);
  const file = await open(path, "w");
  try {
    const size = await appendRows(result, columns, layout, file, outputBytes);
    // A stream ends at an error as it ends after the last row, and only this type tells. A copy throws the error.
    if (result.returnType === ResultReturnType.INVALID) {
      await copyRows(connection, order, sql, "FORMAT csv");
      throw new EngineRefusal("sql", `The query failed after row ${size.rows}.`);
    }
    return { ...size, note: layout.note?.() };
  } finally {
    await file.close();
  }
}

async function appendRows(result, columns, { opening, first, between, write, closing }, file, outputBytes) {
  let rows = 0;
  let bytes = 0;
  let pending = opening;
  const flush = async () => {
    bytes += Buffer.byteLength(pending);
    if (bytes > outputBytes) throw tooLarge();
    await file.appendFile(pending);
    pending = "";
  };
  for await (const chunk of result) {
    for (const row of rowsOf(chunk, columns)) {
      pending += (rows === 0 ? first : between) + write(row, ++rows);
      if (pending.length > pendingLengthMax) await flush();
    }
  }
  pending += closing;
  await flush();
  return { rows, bytes };
}

const pendingLengthMax = 500_000;
const sliceRows = 64;

/** Reads a chunk in slices, since a vector keeps each text that was read from it. */
function* rowsOf(chunk, columns) {
  const vectors = columns.map(({ index }) => chunk.getColumnVector(index));
  for (let from = 0; from < chunk.rowCount; from += sliceRows) {
    const length = Math.min(sliceRows, chunk.rowCount - from);
    const slices = vectors.map((vector) => vector.slice(from, length));
    for (let at = 0; at < length; at++) yield slices.map((slice) => slice.getItem(at));
  }
}

const layouts = {
  json: (columns) => ({
    opening: "[",
    first: "\n",
    between: ",\n",
    write: objectWriter(columns.map(({ name, type }) => ({ name, write: jsonWriter(type) }))),
    closing: "\n]\n",
  }),
  geojson: (columns) => {
    const { write, counts } = featureWriter(columns);
    const note = () =>
      counts.notDegrees === 0
        ? null
        : `Warning: ${counts.notDegrees} of the places are not in degrees of longitude and latitude (WGS 84).`;
    const opening = '{"type":"FeatureCollection","features":[';
    return { opening, first: "\n", between: ",\n", write, closing: "\n]}\n", note };
  },
  csv: (columns) => ({
    opening: `${columns.map(({ name }) => csvText(name)).join(",")}\n`,
    first: "",
    between: "",
    write: recordWriter(columns.map(({ type }) => type)),
    closing: "",
  }),
};

function columnsOf(result) {
  return result.deduplicatedColumnNames().map((name, index) => ({ name, index, type: result.columnType(index) }));
}

const tooLarge = () => new EngineRefusal("output", "The result is too large.");
