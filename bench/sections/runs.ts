import { budgets } from "../budgets";
import { fetchHeaders, fetchJson } from "../clients";
import { type Comparison, withComparisons } from "../compare";
import { type Entrant, measureEntrants } from "../entrants";
import { startPeer } from "../peers";
import type { Row } from "../row";
import type { Bench, Section } from "../section";
import { startServer } from "../start-server";

const together = 8;

const titles = {
  alone: "Tessera, one run at a time",
  aloneBare: "  DuckDB in the server's process, one at a time",
  aloneCube: "  drizzle-cube, one at a time",
  together: `Tessera, ${together} runs at once`,
  togetherBare: `  DuckDB in the server's process, ${together} at once`,
  togetherCube: `  drizzle-cube, ${together} at once`,
};

const inProcess = "the same query in an instance of DuckDB in the server's process";
const cube = "drizzle-cube, one instance of DuckDB for all requests";
const alone = { row: titles.alone, what: "run a small workspace, one at a time" };
const atOnce = { row: titles.together, what: "run a small workspace, eight at once" };
const comparisons: Comparison[] = [
  { ...alone, to: titles.aloneBare, beside: inProcess, budget: budgets.run },
  {
    row: titles.alone,
    to: titles.aloneBare,
    what: "time of a run of a small workspace (p50), one at a time",
    beside: inProcess,
    figure: "p50",
    budget: budgets.runP50,
  },
  { ...alone, to: titles.aloneCube, beside: cube },
  { ...atOnce, to: titles.togetherBare, beside: inProcess, budget: budgets.runs },
  { ...atOnce, to: titles.togetherCube, beside: cube },
];

const notes = {
  tessera:
    "POST …/runs of the sample seattle-weather-by-month, answered with its result: permission, a job in PostgreSQL, a confined process, and the result stored. The processor time includes that of the engine.",
  bare: "The same query in the process of a bare node:http server, with an instance of DuckDB for each request. Nothing is stored, confined or limited.",
  cube: "drizzle-cube 0.5.5 with hono: POST /cubejs-api/v1/load with a bearer token, the same figures of the same file by the same version of DuckDB, in the process of the server and without its cache. Cube itself cannot be installed by npm alone: its engine and its driver for DuckDB are downloaded from other hosts.",
};

export const years = ["2012", "2013", "2014", "2015"];

/** The request that runs the smallest sample. `{value}` is the year. */
export const runOf = (bearer: Record<string, string>) => ({
  ...fetchJson(bearer, { parameters: { YEAR: "{value}" } }),
  path: "/api/v1/workspaces/Samples/seattle-weather-by-month/runs",
  method: "POST",
  values: "years",
  status: 200,
});

/** Runs of a small workspace, beside the same query without anything around it. */
export const runs: Section = {
  name: "runs",
  about: "Runs of seattle-weather-by-month",
  async run({ generator, sizes, stock, product, say }: Bench): Promise<Row[]> {
    const { reader } = await stock();
    generator.addValues("years", years);
    const server = await product();
    const run = runOf(reader.bearer);
    const bare = () => startServer("servers/duckdb");
    const peer = { ...cubeQuery, server: () => startPeer(say, "drizzle-cube", { args: [cubeToken] }), isPeer: true };
    const entrants: Entrant[] = [
      { ...run, server, title: titles.alone, connections: 1, note: notes.tessera },
      { ...run, server: bare, title: titles.aloneBare, connections: 1, note: notes.bare },
      { ...peer, title: titles.aloneCube, connections: 1, note: notes.cube },
      { ...run, server, title: titles.together, connections: together },
      { ...run, server: bare, title: titles.togetherBare, connections: together },
      { ...peer, title: titles.togetherCube, connections: together },
    ];
    return withComparisons(await measureEntrants(generator, entrants, sizes), comparisons);
  },
};

const cubeToken = "token-of-the-bench";

const cubeQuery = {
  path: "/cubejs-api/v1/load",
  method: "POST",
  headers: { ...fetchHeaders, authorization: `Bearer ${cubeToken}`, "content-type": "application/json" },
  body: JSON.stringify({
    query: {
      dimensions: ["Weather.month"],
      measures: [
        "Weather.days",
        "Weather.tempMaxMean",
        "Weather.tempMinMean",
        "Weather.precipitation",
        "Weather.windMax",
        "Weather.rainDays",
        "Weather.snowDays",
        "Weather.sunDays",
      ],
      filters: [{ member: "Weather.year", operator: "equals", values: ["{value}"] }],
      order: { "Weather.month": "asc" },
    },
  }),
  values: "years",
  status: 200,
};
