import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { DuckDBInstance } from "@duckdb/node-api";
import { serveForBench } from "./serving";

// The query of the workspace seattle-weather-by-month in this process, with an instance of DuckDB for each request, without
// credentials, limits, confinement or a stored result.

const folder = join(process.cwd(), "prisma/samples/Samples");
const source = readFileSync(join(folder, "seattle-weather-by-month.sql"), "utf8");
const sql = source.slice(source.indexOf("SELECT"));

async function run(year: string): Promise<string> {
  const instance = await DuckDBInstance.create(":memory:", { file_search_path: folder });
  const connection = await instance.connect();
  const prepared = await connection.prepare(sql);
  prepared.bind({ YEAR: year });
  const rows = (await prepared.runAndReadAll()).getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return JSON.stringify(rows);
}

const server = createServer(async (request, response) => {
  const { parameters } = (await json(request)) as { parameters: { YEAR: string } };
  const sent = await run(parameters.YEAR);
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(sent) });
  response.end(sent);
});
serveForBench(server);
