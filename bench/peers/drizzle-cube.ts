import { createServer } from "node:http";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { getRequestListener } from "@hono/node-server";
import { createDuckDBConnectionPool, drizzle } from "@leonardovida-md/drizzle-neo-duckdb";
import { createCubeApp } from "drizzle-cube/adapters/hono";
import { defineCube, type MeasureType } from "drizzle-cube/server";
import { type AnyColumn, eq, type SQL, sql } from "drizzle-orm";
import { date, doublePrecision, pgTable, text } from "drizzle-orm/pg-core";
import { serveForBench } from "../servers/serving";

// drizzle-cube with the figures of the workspace seattle-weather-by-month: `drizzle-cube.ts <token>`. Each query reads the file, as a run
// of the workspace does.

const token = process.argv[2];
const file = join(process.cwd(), "prisma/samples/Samples/seattle-weather.csv");
const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
await connection.run(`CREATE VIEW weather AS SELECT * FROM read_csv('${file}')`);

const weather = pgTable("weather", {
  date: date("date"),
  tempMax: doublePrecision("temp_max"),
  tempMin: doublePrecision("temp_min"),
  precipitation: doublePrecision("precipitation"),
  wind: doublePrecision("wind"),
  weather: text("weather"),
});

const measure = (name: string, type: MeasureType, of: SQL | AnyColumn) => ({ name, type, sql: of });
const daysOf = (name: string, kind: string) => ({
  ...measure(name, "count", sql`${weather.date}`),
  filters: [() => eq(weather.weather, kind)],
});

const cube = defineCube("Weather", {
  sql: () => ({ from: weather }),
  dimensions: {
    month: { name: "month", type: "string", sql: sql`strftime(${weather.date}, '%Y-%m')` },
    year: { name: "year", type: "string", sql: sql`strftime(${weather.date}, '%Y')` },
  },
  measures: {
    days: measure("days", "count", sql`${weather.date}`),
    tempMaxMean: measure("tempMaxMean", "avg", weather.tempMax),
    tempMinMean: measure("tempMinMean", "avg", weather.tempMin),
    precipitation: measure("precipitation", "sum", weather.precipitation),
    windMax: measure("windMax", "max", weather.wind),
    rainDays: daysOf("rainDays", "rain"),
    snowDays: daysOf("snowDays", "snow"),
    sunDays: daysOf("sunDays", "sun"),
  },
});

const app = createCubeApp({
  cubes: [cube],
  drizzle: drizzle(createDuckDBConnectionPool(instance, { size: 4 })),
  engineType: "duckdb",
  extractSecurityContext: async (context) => {
    if (context.req.header("Authorization") !== `Bearer ${token}`) throw new Error("The token is not valid.");
    return { organisationId: 1 };
  },
});
serveForBench(createServer(getRequestListener(app.fetch)));
