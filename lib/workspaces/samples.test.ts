import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { inTransaction } from "@/lib/db";
import { runQuery } from "@/lib/engine/run";
import { introduceCast } from "@/testing/cast";
import { db } from "../db";
import { outputOf, parseWorkspaceFile, splitSource } from "./file";
import { runValues } from "./run-values";
import { publishSamples } from "./samples";
import type { ParameterValue } from "./schema";

// Compares the results of the samples with figures computed here from the same files.

// Runs and checks start processes, which are slow on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const folder = resolve("prisma/samples/Samples");
let results: string;

beforeAll(async () => {
  results = await mkdtemp(join(tmpdir(), "tessera-samples-"));
});
afterAll(() => rm(results, { recursive: true }));

async function run(name: string, given: Record<string, ParameterValue>): Promise<string> {
  const source = await readFile(join(folder, `${name}.sql`), "utf8");
  const { sql } = splitSource(source);
  const { parameters, output } = parseWorkspaceFile(source);
  const runWith = runValues(parameters, given);
  const values = Object.fromEntries(
    parameters.map(({ name, type }) => [name.toUpperCase(), { type, value: runWith[name] ?? null }]),
  );
  const result = join(results, `${name}-${Math.random()}`);
  const limits = { memoryMb: 512, seconds: 60, outputMb: 100 };
  const format = outputOf(output, runWith);
  const outcome = await runQuery({ sql, values, format, folder, result, limits, repositoryId: "Samples" });
  expect(outcome).toHaveProperty("rows");
  return readFile(result, "utf8");
}

/** Lines of a CSV file as cells; quoted cells may hold commas. */
async function rowsOf(file: string): Promise<string[][]> {
  return cellsOf(await readFile(join(folder, file), "utf8"));
}

function cellsOf(csv: string): string[][] {
  const lines = csv.trimEnd().split(/\r?\n/).slice(1);
  return lines.map((line) => [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, a, b]) => a ?? b ?? ""));
}

const mean = (numbers: number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

describe("nearby-earthquakes", () => {
  interface Quake {
    id: string;
    properties: { mag: number; place: string; time: number };
    geometry: { coordinates: [number, number, number] };
  }
  let quakes: Quake[];
  beforeAll(async () => {
    quakes = JSON.parse(await readFile(join(folder, "earthquakes.json"), "utf8")).features;
  });

  /** The distance by another formula than the query's: the angle between two directions from the Earth's centre. */
  function kilometres(latitude: number, longitude: number, { geometry: { coordinates } }: Quake): number {
    const from = direction(latitude, longitude);
    const to = direction(coordinates[1], coordinates[0]);
    const cross = Math.hypot(
      from[1] * to[2] - from[2] * to[1],
      from[2] * to[0] - from[0] * to[2],
      from[0] * to[1] - from[1] * to[0],
    );
    return 6371.0088 * Math.atan2(cross, from[0] * to[0] + from[1] * to[1] + from[2] * to[2]);
  }

  function direction(latitude: number, longitude: number): [number, number, number] {
    const [phi, lambda] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
    return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
  }

  test.each([
    ["Los Angeles, with the defaults", 34.05, -118.25, 100, 0],
    ["Anchorage, strong ones", 61.2, -149.9, 500, 2.5],
    ["across the date line", 52, 179.9, 2000, 4],
    ["all of them", 0, 0, 20_100, -2],
    ["where there are none", -60, 0, 10, 0],
  ])("%s: the same quakes, nearest first", async (_, LATITUDE, LONGITUDE, RADIUS_KM, MAGNITUDE) => {
    const expected = quakes
      .map((quake) => ({ quake, km: kilometres(LATITUDE, LONGITUDE, quake) }))
      .filter(({ quake, km }) => km <= RADIUS_KM && quake.properties.mag >= MAGNITUDE)
      .sort((a, b) => a.km - b.km);
    const found = JSON.parse(await run("nearby-earthquakes", { LATITUDE, LONGITUDE, RADIUS_KM, MAGNITUDE }));

    expect(found.type).toBe("FeatureCollection");
    expect(found.features).toHaveLength(expected.length);
    const ids = found.features.map((feature: { properties: { id: string } }) => feature.properties.id);
    expect(new Set(ids)).toEqual(new Set(expected.map(({ quake }) => quake.id)));
    for (const [index, { km }] of expected.entries()) {
      expect(Math.abs(found.features[index].properties.distance_km - km)).toBeLessThan(0.051);
    }
  });

  test("a feature says what the source says", async () => {
    const { features } = JSON.parse(await run("nearby-earthquakes", { RADIUS_KM: 300, MAGNITUDE: 2 }));
    const [nearest] = features;
    const source = quakes.find(({ id }) => id === nearest.properties.id);
    expect(nearest.geometry.coordinates).toEqual(source?.geometry.coordinates.slice(0, 2));
    expect(nearest.properties).toMatchObject({
      magnitude: source?.properties.mag,
      place: source?.properties.place,
      depth_km: source?.geometry.coordinates[2],
      time: `${new Date(source?.properties.time ?? 0).toISOString().slice(0, 19)}Z`,
    });
  });
});

describe("airports-by-state", () => {
  test.each(["CA", "GU", "NY"])("%s: the same airports, by name", async (STATE) => {
    const expected = (await rowsOf("airports.csv")).filter(([, , , state]) => state === STATE);
    const found = cellsOf(await run("airports-by-state", { STATE }));
    expect(found.map(([iata]) => iata).sort()).toEqual(expected.map(([iata]) => iata).sort());
    const numeric = (cells: string[]) => [...cells.slice(0, 5), ...cells.slice(5).map(Number)];
    for (const cells of found) {
      expect(numeric(cells)).toEqual(numeric(expected.find(([iata]) => iata === cells[0]) ?? []));
    }
    const names = found.map(([, name]) => name ?? "");
    expect(names).toEqual(names.toSorted((a, b) => (a < b ? -1 : 1)));
  });

  test("as JSON when asked", async () => {
    const airports = JSON.parse(await run("airports-by-state", { STATE: "GU", FORMAT: "json" }));
    expect(airports).toEqual([
      {
        iata: "GUM",
        name: "Guam International",
        city: "Agana",
        state: "GU",
        country: "USA",
        latitude: 13.48345,
        longitude: -144.7959825,
      },
    ]);
  });

  test("the choice has every state of the file, and no other", async () => {
    const states = new Set((await rowsOf("airports.csv")).map(([, , , state]) => state));
    states.delete("NA");
    const { parameters } = parseWorkspaceFile(await readFile(join(folder, "airports-by-state.sql"), "utf8"));
    const choices = parameters.find(({ name }) => name === "STATE")?.options?.map(({ value }) => value);
    expect(new Set(choices)).toEqual(states);
  });
});

describe("seattle-weather-by-month", () => {
  test.each([2012, 2013, 2014, 2015])("%i: the same figures for each month", async (YEAR) => {
    const days = (await rowsOf("seattle-weather.csv")).filter(([date]) => date?.startsWith(String(YEAR)));
    const found = JSON.parse(await run("seattle-weather-by-month", { YEAR }));
    expect(found.map(({ month }: { month: string }) => month)).toEqual(
      Array.from({ length: 12 }, (_, index) => `${YEAR}-${String(index + 1).padStart(2, "0")}`),
    );
    for (const row of found) {
      const ofMonth = days.filter(([date]) => date?.startsWith(row.month));
      const column = (index: number) => ofMonth.map((cells) => Number(cells[index]));
      const daysOf = (weather: string) => ofMonth.filter((cells) => cells[5] === weather).length;
      expect(row).toMatchObject({
        days: ofMonth.length,
        wind_max: Math.max(...column(4)),
        rain_days: daysOf("rain"),
        snow_days: daysOf("snow"),
        sun_days: daysOf("sun"),
      });
      // Ties may be rounded either way, so half a unit of the last digit is allowed.
      expect(Math.abs(row.precipitation_mm - column(1).reduce((sum, mm) => sum + mm, 0))).toBeLessThanOrEqual(0.0501);
      expect(Math.abs(row.temp_max_mean - mean(column(2)))).toBeLessThanOrEqual(0.0501);
      expect(Math.abs(row.temp_min_mean - mean(column(3)))).toBeLessThanOrEqual(0.0501);
    }
  });
});

test("publishing the samples again changes nothing", async () => {
  const { root } = await introduceCast(new Date());
  const readSamples = () =>
    db.repository.findUniqueOrThrow({
      where: { name: "Samples" },
      include: { workspaces: { orderBy: { name: "asc" } }, files: { orderBy: { name: "asc" } } },
    });
  const before = await readSamples();
  await inTransaction((tx) => publishSamples(tx, root));
  expect(await readSamples()).toEqual(before);
  expect(before.workspaces.map(({ name }) => name)).toEqual([
    "airports-by-state",
    "nearby-earthquakes",
    "seattle-weather-by-month",
  ]);
  expect(before.files.map(({ name }) => name)).toEqual(["airports.csv", "earthquakes.json", "seattle-weather.csv"]);
});
