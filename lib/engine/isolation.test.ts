import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { queryOrders } from "@/testing/query-orders";
import { openConfined, prepareInstance } from "./confine.mjs";
import { enginePool } from "./pool";
import { checkSource, type QueryOrder, runQuery } from "./run";

// What one job leaves behind for the next one of its repository, which gets the same process.

const { pathOf, makeFolder, order, resultOf } = queryOrders();

const processesOf = (repository: string) =>
  enginePool(null).members.filter((member) => member.repository === repository);

/** The process of a repository after it has answered, and cleared what the job used. */
async function clearedProcess(repository: string) {
  await expect.poll(() => processesOf(repository).map(({ state }) => state)).toEqual(["ready"]);
  const [found] = processesOf(repository);
  if (!found?.pid) throw new Error("The process is gone.");
  return { pid: found.pid, jobs: found.jobs };
}

/** Runs queries one after the other, and checks that one process ran them all. */
async function runInTurn(repositoryId: string, queries: [string, Partial<QueryOrder>?][]) {
  const outcomes = [];
  const pids = new Set<number>();
  for (const [sql, more] of queries) {
    outcomes.push(await runQuery(order(sql, { repositoryId, ...more })));
    pids.add((await clearedProcess(repositoryId)).pid);
  }
  expect(pids.size).toBe(1);
  return outcomes;
}

test("a reused process reads the files of its present job, and none of the one before", async () => {
  const folder = await makeFolder("next");
  await writeFile(pathOf("next", "snow.csv"), "day,mm\nWed,3\n");
  const before = pathOf("files", "rain.csv");
  const more = { folder };
  const outcomes = await runInTurn("moving", [
    ["FROM 'rain.csv'"],
    ["FROM 'snow.csv'", more],
    ["FROM 'rain.csv'", more],
    ["FROM '../files/rain.csv'", more],
    [`FROM '${before}'`, more],
    ["FROM glob('*.csv')", more],
    ["FROM 'snow.csv'"],
  ]);
  const refused = { refused: expect.any(String) };
  expect(outcomes).toMatchObject([{ rows: 2 }, { rows: 1 }, refused, refused, refused, { rows: 1 }, refused]);
});

test("a file that was replaced is read as it is now", async () => {
  const folder = await makeFolder("changing");
  const write = (text: string) => writeFile(pathOf("changing", "a.csv"), text);
  await write("a\n1\n");
  expect(JSON.parse(await resultOf("FROM 'a.csv'", { folder, repositoryId: "changing" }))).toEqual([{ a: 1 }]);
  await write("b\n2\n");
  expect(JSON.parse(await resultOf("FROM 'a.csv'", { folder, repositoryId: "changing" }))).toEqual([{ b: 2 }]);
  expect(processesOf("changing")).toHaveLength(1);
});

test.runIf(process.platform === "linux")(
  "a process that waits has no file of a job open, and is not in its folder",
  async () => {
    await runInTurn("tidy", [
      ["FROM 'rain.csv'"],
      ["FROM 'rain.csv'", { format: "parquet" }],
      ["SELECT error('no') FROM 'rain.csv'"],
      ["SELECT CASE WHEN range > 5000 THEN error('late') ELSE 'x' END AS a FROM range(9000)"],
    ]);
    const { pid, jobs } = await clearedProcess("tidy");
    expect(jobs).toBe(4);
    const files = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    expect(files.filter((file) => file.startsWith(pathOf()) || file.includes("deleted"))).toEqual([]);
    expect(readFileSync(`/proc/${pid}/maps`, "utf8")).not.toContain(pathOf());
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe("/");
    expect(await readdir(pathOf("files"))).toEqual(["rain.csv"]);
  },
);

test("the values of a job, their types and its random numbers are those of that job only", async () => {
  const secret = { A: { type: "text", value: "hidden" } } as const;
  const [, unbound] = await runInTurn("values", [["SELECT $a AS a", { values: secret }], ["SELECT $a AS a"]]);
  expect(unbound).toEqual({ refused: expect.stringContaining("not a published parameter") });
  const random = "SELECT random() AS r FROM (SELECT 1)";
  const seeded = "SELECT (SELECT setseed(0.5)) AS s, r FROM (SELECT random() AS r)";
  const numbers = [];
  for (const sql of [seeded, random, random]) {
    const [{ r }] = JSON.parse(await resultOf(sql, { repositoryId: "values" }));
    numbers.push(r);
  }
  expect(new Set(numbers).size).toBe(3);
});

test("names that JavaScript gives a meaning to change nothing for the next job", async () => {
  const polluted = JSON.parse('{"__proto__": {"B": {"type": "text", "value": "inherited"}}}');
  await runInTurn("names", [
    ['SELECT 1 AS "__proto__", 2 AS "constructor"', { values: polluted }],
    [`SELECT {'__proto__': {'toJSON': 1}} AS a, MAP {'__proto__': 1} AS b, '{"__proto__": {"B": 1}}'::JSON AS c`],
  ]);
  expect(await runQuery(order("SELECT $b AS b", { repositoryId: "names" }))).toHaveProperty("refused");
  expect(await resultOf("SELECT {'a': 1} AS a", { repositoryId: "names" })).toBe('[\n{"a":{"a":1}}\n]\n');

  const check = (header: string) => checkSource({ header, headerLine: 1, sql: "SELECT 1" }, pathOf());
  await check('"__proto__": { title: inherited }\ntitle: A');
  expect(await check("output: json")).toMatchObject({ header: { output: "json" }, query: { parameters: [] } });
});

/** What DuckDB lists about itself, except for times and addresses. */
const listings = [
  "FROM duckdb_settings() SELECT name, value, scope",
  "FROM duckdb_tables() SELECT schema_name, table_name",
  "FROM duckdb_views() SELECT schema_name, view_name",
  "FROM duckdb_functions() SELECT schema_name, function_name, parameters, macro_definition",
  "FROM duckdb_types() SELECT schema_name, type_name",
  "FROM duckdb_schemas() SELECT database_name, schema_name",
  "FROM duckdb_sequences() SELECT sequence_name",
  "FROM duckdb_databases() SELECT database_name, path",
  "FROM duckdb_secrets() SELECT name",
  "FROM duckdb_variables() SELECT name, value",
  "FROM duckdb_prepared_statements() SELECT name",
  "FROM duckdb_temporary_files() SELECT path",
  "FROM duckdb_extensions() SELECT extension_name, loaded WHERE loaded",
];

/** An instance that is confined to the folder, and what it lists. */
async function confinedListing() {
  const connection = await openConfined({ folder: pathOf("files"), result: pathOf("r"), memoryMb: 256, threads: 2 });
  const rows = [];
  for (const sql of listings) rows.push((await connection.runAndReadAll(`${sql} ORDER BY ALL`)).getRowsJson());
  connection.closeSync();
  return rows;
}

test("an instance knows nothing of another one of its process, whatever that one was made to do", async () => {
  const before = await confinedListing();
  const other = await prepareInstance();
  for (const sql of [
    "CREATE TABLE t AS SELECT 'secret' AS a",
    "CREATE TEMP TABLE u AS FROM t",
    "CREATE VIEW v AS FROM t",
    "CREATE MACRO abs(a) AS 'mine'",
    "CREATE TYPE mood AS ENUM ('sad')",
    "CREATE SEQUENCE s",
    "CREATE SCHEMA extra",
    "CREATE SECRET (TYPE http, BEARER_TOKEN 'x')",
    "ATTACH ':memory:' AS other",
    `ATTACH '${pathOf("other.db")}' AS stored`,
    "SET VARIABLE a = 'secret'",
    "PREPARE p AS SELECT 'secret'",
    "SET threads = 1",
    "SET GLOBAL TimeZone = 'Asia/Kolkata'",
    "SET GLOBAL default_null_order = 'nulls_first'",
    `SET temp_directory = '${pathOf("temp")}'`,
    `SET allowed_directories = ['${pathOf()}']`,
    "BEGIN",
  ]) {
    await other.run(sql);
  }
  expect(await confinedListing()).toEqual(before);
  other.closeSync();
  expect(await confinedListing()).toEqual(before);
});
