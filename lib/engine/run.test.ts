import { fork } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { resolve } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endlessQuery, engineLimits, queryOrders } from "@/testing/query-orders";
import { engineAccount } from "./account";
import { enginePool } from "./pool";
import { checkSource, type QueryOrder, runQuery } from "./run";
import { parseSelect } from "./statement.mjs";

const { pathOf, order, resultOf, messageOf } = queryOrders();

test("a query reads the files of its folder by their names", async () => {
  expect(JSON.parse(await resultOf("FROM 'rain.csv' ORDER BY mm"))).toEqual([
    { day: "Tue", mm: 0 },
    { day: "Mon", mm: 1.5 },
  ]);
});

test("parameters are bound with their types and never inserted into the text", async () => {
  const text = "x'); DROP TABLE y; --";
  const sql = "SELECT $A + 1 AS a, $B AS b, $C + INTERVAL 1 DAY AS c, NOT $d AS d, $E IS NULL AS e";
  const values: QueryOrder["values"] = {
    A: { type: "integer", value: 41 },
    B: { type: "text", value: text },
    C: { type: "date", value: "2024-02-28" },
    D: { type: "boolean", value: true },
    E: { type: "number", value: null },
  };
  expect(JSON.parse(await resultOf(sql, { values }))).toEqual([
    { a: 42, b: text, c: "2024-02-29 00:00:00", d: false, e: true },
  ]);
});

test("a constant may be infinite", async () => {
  expect(JSON.parse(await resultOf("SELECT 1e400 AS a, [-1e400] AS b"))).toEqual([{ a: null, b: [null] }]);
});

test("JSON keeps every digit, and has null for NaN and infinity", async () => {
  const sql = `SELECT 9007199254740993 AS big, 1.10::DECIMAL(9,2) AS exact, 'nan'::DOUBLE AS nan, [1, 'inf'::FLOAT] AS list,
    {a: DATE '2020-01-31'} AS struct, MAP {'k': 2} AS map, '{"q":[1]}'::JSON AS json, 'é"' AS text`;
  expect(await resultOf(sql)).toBe(
    '[\n{"big":9007199254740993,"exact":1.10,"nan":null,"list":[1,null],"struct":{"a":"2020-01-31"},"map":{"k":2},"json":{"q":[1]},"text":"é\\""}\n]\n',
  );
});

test("a result without rows is a complete document", async () => {
  expect(JSON.parse(await resultOf("SELECT 1 AS a WHERE false"))).toEqual([]);
  expect(JSON.parse(await resultOf("SELECT 1 AS geometry WHERE false", { format: "geojson" }))).toEqual({
    type: "FeatureCollection",
    features: [],
  });
  expect(await resultOf("SELECT 1 AS a WHERE false", { format: "csv" })).toBe("a\n");
});

test("the log says when places are not in degrees", async () => {
  const log: string[] = [];
  const metres = order("SELECT 2600000 AS longitude, 1200000 AS latitude", { format: "geojson" });
  expect(await runQuery(metres, { onLog: (line) => log.push(line) })).toMatchObject({ rows: 1 });
  expect(log).toContain("Warning: 1 of the places are not in degrees of longitude and latitude (WGS 84).");
});

test("GeoJSON is built from longitude and latitude, or from a geometry", async () => {
  const points = "SELECT 'here' AS name, -118.25 AS longitude, 34.05 AS latitude UNION ALL SELECT 'lost', NULL, 1";
  expect(JSON.parse(await resultOf(points, { format: "geojson" })).features).toEqual([
    { type: "Feature", geometry: { type: "Point", coordinates: [-118.25, 34.05] }, properties: { name: "here" } },
    { type: "Feature", geometry: null, properties: { name: "lost" } },
  ]);
  const line = {
    type: "LineString",
    coordinates: [
      [1, 2],
      [3, 4],
    ],
  };
  const geometry = `SELECT '${JSON.stringify(line)}' AS geometry, 7 AS size`;
  expect(JSON.parse(await resultOf(geometry, { format: "geojson" })).features).toEqual([
    { type: "Feature", geometry: line, properties: { size: 7 } },
  ]);
  expect(await runQuery(order("SELECT 1 AS a", { format: "geojson" }))).toEqual({
    refused: "For GeoJSON output, the query must return a geometry column, or longitude and latitude columns.",
  });
});

test("a Parquet result is a Parquet file", async () => {
  const request = order("FROM 'rain.csv'", { format: "parquet" });
  expect(await runQuery(request)).toMatchObject({ rows: 2 });
  expect((await readFile(request.result)).subarray(0, 4).toString()).toBe("PAR1");
});

const refused = [
  "SELECT * FROM read_csv('../secret.csv')",
  "SELECT * FROM read_text('/etc/passwd')",
  "SELECT * FROM read_blob('/proc/self/environ')",
  "SELECT * FROM glob('/*')",
  "SELECT * FROM sniff_csv('/etc/passwd')",
  "SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')",
  "SELECT * FROM read_parquet('s3://bucket/key')",
  "SELECT getenv('PATH')",
  "ATTACH 'other.db'",
  "COPY (SELECT 1) TO 'mine.csv'",
  "COPY rain FROM '/etc/passwd'",
  "EXPORT DATABASE 'mine'",
  "INSTALL httpfs",
  "SELECT * FROM enable_logging(storage => 'file', storage_path => '.')",
  "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
  "SELECT * FROM query('SELECT 1')",
  "SELECT current_setting('allowed_directories')",
  "SELECT * FROM duckdb_settings()",
  "LOAD httpfs",
  "SET enable_external_access = true",
  "RESET memory_limit",
  "PRAGMA memory_limit = '9GB'",
  "CALL pragma_version()",
  "CREATE TABLE t (a INT)",
  "DROP VIEW duckdb_tables",
  "CHECKPOINT",
  "EXPLAIN ANALYZE SELECT 1",
  "SELECT 1; SELECT 2",
  "SELECT 1; SET threads = 9",
  "SELECT 1) TO '/tmp/x'; COPY (SELECT 2",
  "SELECT 1) UNION (SELECT 2",
  "",
];

describe.each([
  ["a process of its own", false],
  ["a process that ran another job", true],
])("in %s", (_, isReused) => {
  const processesOf = (repository: string) =>
    enginePool(null)
      .members.filter((member) => member.repository === repository)
      .map(({ pid }) => pid);
  const confined = (sql: string, more: Partial<QueryOrder> = {}) =>
    order(sql, { repositoryId: isReused ? "confined" : `confined-${Math.random()}`, ...more });
  let processes: (number | undefined)[];
  beforeAll(async () => {
    if (isReused) await resultOf("FROM 'rain.csv'", { repositoryId: "confined" });
    processes = processesOf("confined");
  });
  afterAll(() => {
    expect(processes).toHaveLength(isReused ? 1 : 0);
    expect(processesOf("confined")).toEqual(processes);
  });

  test.each(refused)("%s is refused", async (sql) => {
    expect(await runQuery(confined(sql, { format: "csv" }))).toEqual({ refused: expect.any(String) });
  });

  test("a query cannot reach the network, nor this machine", async () => {
    let visits = 0;
    const server = createServer((_, response) => {
      visits++;
      response.end("a\n1\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const outcome = await runQuery(confined(`FROM read_csv('http://127.0.0.1:${port}/a.csv')`));
    server.close();
    expect(outcome).toHaveProperty("refused");
    expect(visits).toBe(0);
  });
});

test("a reason names the line, but neither the query nor this machine", async () => {
  const outcome = await runQuery(order("SELECT 'confidential',\n  nothing FROM 'rain.csv'"));
  expect(outcome).toEqual({ refused: expect.stringMatching(/Referenced column "nothing" not found.*\(line 2\)/) });
  expect(JSON.stringify(outcome)).not.toContain("confidential");
  const missing = await runQuery(order("FROM read_csv('absent.csv')"));
  expect(missing).toEqual({ refused: expect.stringContaining("absent.csv") });
  expect(JSON.stringify(missing)).not.toContain(pathOf());
});

test("a query that never ends is stopped at the time limit", async () => {
  const outcome = await runQuery(order(endlessQuery, { limits: { ...engineLimits, seconds: 1 } }));
  expect(outcome).toEqual({ refused: "The query exceeded the time limit of 1 s." });
});

test.each(["json", "csv", "parquet"] as const)("a result that is too large is refused: %s", async (format) => {
  const outcome = await runQuery(order("SELECT uuid() AS id FROM range(5000000)", { format }));
  expect(outcome).toEqual({ refused: "The result exceeded the size limit of 1 MB." });
});

test.each([["SELECT list(range) FROM range(200000000)"], ["SELECT repeat('x', 1500000000) AS long"]])(
  "%s is refused because it needs too much memory",
  async (sql) => {
    expect(await runQuery(order(sql, { limits: { ...engineLimits, outputMb: 100_000 } }))).toEqual({
      refused: "The query exceeded the memory limit of 256 MB.",
    });
  },
);

test("a query that is aborted stops at once", async () => {
  const stop = new AbortController();
  const running = runQuery(order(endlessQuery), {
    signal: stop.signal,
    onLog: () => stop.abort(),
  });
  expect(await running).toBe("stopped");
});

test("the process of a query exits when its server dies", async () => {
  const child = fork(resolve("lib/engine/child.mjs"), { execArgv: ["--expose-gc"] });
  const ended = once(child, "exit");
  child.send(messageOf(endlessQuery));
  await new Promise<void>((begun) => child.on("message", (message) => "log" in Object(message) && begun()));
  child.disconnect();
  expect(await ended).toEqual([null, "SIGKILL"]);
});

test("a query that is aborted before its start never starts", async () => {
  expect(await runQuery(order("SELECT 1"), { signal: AbortSignal.abort() })).toBe("stopped");
});

test("a header and a query are checked without being run", async () => {
  const check = (sql: string, header = "title: A") => checkSource({ header, headerLine: 1, sql }, pathOf());
  expect(await check("SELECT $A, $b FROM 'absent.csv' WHERE x = $a")).toEqual({
    header: { title: "A" },
    lines: { title: 2 },
    query: {
      parameters: [
        { name: "a", line: 1 },
        { name: "b", line: 1 },
      ],
    },
  });
  expect(await check("SELECT\n 1 FORM x y")).toMatchObject({
    query: { refused: expect.stringContaining("(line 2)"), line: 2 },
  });
  expect(await check("DELETE FROM x")).toMatchObject({
    query: { refused: "The query must be one SELECT statement; nothing else is run." },
  });
  expect(await check("SELECT 1", "a: [")).toEqual({
    refused: expect.stringContaining("not valid YAML"),
    place: "header",
    line: 2,
  });
});

test("a check whose process is killed is no fault of the workspace", async () => {
  const pool = enginePool(await engineAccount());
  let isOver = false;
  const outcome = checkSource({ header: "title: A", headerLine: 1, sql: "SELECT 1" }, pathOf())
    .catch((error) => error)
    .finally(() => {
      isOver = true;
    });
  // One that ends before it has begun is replaced by another.
  while (!isOver) {
    for (const { state, pid = 0 } of pool.members) if (state === "busy") endProcess(pid);
    await new Promise(setImmediate);
  }
  expect(await outcome).toMatchObject({ code: "unavailable", headers: { "Retry-After": "5" } });
});

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

test.each([
  "FROM pg_settings",
  "FROM pg_catalog.pg_settings",
  'SELECT (SELECT setting FROM "PG_SETTINGS" LIMIT 1)',
  "FROM system.information_schema.schemata",
  "FROM duckdb_settings()",
  "FROM duckdb_databases",
  "WITH a AS (FROM duckdb_extensions()) FROM a",
  "FROM pragma_platform()",
  "SELECT current_setting('home_directory')",
  "SELECT json_serialize_plan('SELECT current_setting(''home_directory'')', optimize := true)",
  "FROM enable_peg_parser()",
])("the engine's own views are not read: %s", async (sql) => {
  expect(await runQuery(order(sql))).toEqual({ refused: expect.stringContaining("is not allowed in queries.") });
});

test("each table function of the engine reads data or is refused", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const list = await connection.runAndReadAll(
    "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'table' ORDER BY 1",
  );
  const allowed: string[] = [];
  for (const [name] of list.getRows()) {
    const isAllowed = await parseSelect(connection, `FROM "${name}"()`).then(
      () => true,
      ({ message }) => !/is not allowed in queries/.test(message),
    );
    if (isAllowed) allowed.push(String(name));
  }
  const readers = allowed.filter((name) => !/^(?:read|parquet|json|icu|test)_/.test(name));
  expect(readers).toEqual([
    ...["generate_series", "glob", "pg_timezone_names", "range", "repeat", "repeat_row", "seq_scan", "sniff_csv"],
    ...["sql_auto_complete", "summary", "unnest"],
  ]);
  connection.closeSync();
});

test.each([
  ["$é$a;b$é$", "a;b"],
  ["$_ß1$it's; $$$_ß1$", "it's; $$"],
  ["/* a /* ; */ it's; */ ';'", ";"],
  ["-- it's; \r ';'", ";"],
  ["e'\\';'", "';"],
  ["(SELECT max(a$b) FROM (SELECT ';$b$' AS a$b))", ";$b$"],
])("a text keeps its semicolons: %s", async (text, value) => {
  expect(JSON.parse(await resultOf(`SELECT ${text} AS v;`))).toEqual([{ v: value }]);
});

test("a file may be called like a view of the engine, and the names of time zones are read", async () => {
  await writeFile(pathOf("files", "pg_stat.csv"), "a\n1\n");
  expect(JSON.parse(await resultOf("SELECT a, pg_typeof(a) AS t FROM 'pg_stat.csv'"))).toMatchObject([{ a: 1 }]);
  expect(JSON.parse(await resultOf("SELECT name FROM pg_timezone_names() WHERE name = 'UTC'"))).toEqual([
    { name: "UTC" },
  ]);
});
