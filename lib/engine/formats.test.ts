import { fork } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { writtenResults } from "@/testing/written-results";
import { strictJson } from "./json-text.mjs";
import { floatText } from "./value-text.mjs";

vi.setConfig({ testTimeout: 60_000 });

const { pathOf, rowsOf, written } = writtenResults();

test("NaN and infinity are null wherever they are in JSON", async () => {
  const sql = `SELECT json_object('x', 0::DOUBLE / 0) AS object, [to_json('inf'::FLOAT)] AS list, {a: '-inf'::DOUBLE} AS struct,
    MAP {'k': ['nan'::DOUBLE]} AS map, {v: 'nan'::DOUBLE}::VARIANT AS variant, '{"a":[1,],}'::JSON AS lax`;
  expect(await rowsOf(sql)).toEqual([
    {
      object: { x: null },
      list: [null],
      struct: { a: null },
      map: { k: [null] },
      variant: { v: null },
      lax: { a: [1] },
    },
  ]);
});

test("JSON of DuckDB becomes strict JSON, with the same text in its strings", () => {
  const leaf = fc.oneof(
    fc.constantFrom('"NaN"', '",]"', '"\\"Infinity,}"', "null", "true", "1E2", "3.10", "85406789331232589.0432"),
    fc.constantFrom("NaN", "nan", "Infinity", "-Infinity", "inf", "-inf"),
    fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
  );
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      leaf,
      fc
        .tuple(fc.array(tie("value"), { minLength: 1 }), fc.constantFrom("", ",", " ,\n"))
        .map(([items, end]) => `[${items.join(",")}${end}]`),
      fc
        .tuple(fc.array(tie("value"), { minLength: 1 }), fc.constantFrom("", ","))
        .map(([items, end]) => `{${items.map((item, at) => `"${at}":${item}`).join(", ")}${end}}`),
    ),
  }));
  fc.assert(
    fc.property(value, (lax) => {
      const strict = strictJson(lax);
      JSON.parse(strict);
      const strings = (text: string) => text.match(/"[^"\\]*(?:\\.[^"\\]*)*"/g) ?? [];
      expect(strings(strict)).toEqual(strings(lax));
      const numbers = (text: string) => text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"/g, "").match(/\d[\d.E]*/g) ?? [];
      expect(numbers(strict)).toEqual(numbers(lax));
    }),
  );
  expect(JSON.parse(strictJson("not JSON"))).toBe("not JSON");
});

test("a float is the shortest decimal that is the same float", () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = floatText(value);
      expect(Math.fround(Number(text))).toBe(value);
      const significant = (digits: number) => Number(value.toPrecision(digits));
      const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9].find((count) => Math.fround(significant(count)) === value) ?? 9;
      expect(Number(text)).toBe(Number.isInteger(value) ? value : significant(digits));
    }),
  );
  expect([0.1, 16.7, 1e-45].map((value) => floatText(Math.fround(value)))).toEqual(["0.1", "16.7", "1e-45"]);
});

test.each([
  ["170141183460469231731687303715884105727::HUGEINT", "170141183460469231731687303715884105727"],
  ["18446744073709551615::UBIGINT", "18446744073709551615"],
  ["'123456789012345678901234567890123456789012345'::BIGNUM", "123456789012345678901234567890123456789012345"],
  ["-0.10::DECIMAL(38,20)", "-0.10000000000000000000"],
  ["85406789331232589.0432::DECIMAL(21,4)", "85406789331232589.0432"],
  ["0.1::FLOAT", "0.1"],
  ["1.5::DECIMAL(4,2)::VARIANT", "1.50"],
])("%s keeps every digit in JSON, CSV and GeoJSON", async (value, digits) => {
  expect(await written(`SELECT ${value} AS v`, "json")).toBe(`[\n{"v":${digits}}\n]\n`);
  expect(await written(`SELECT ${value} AS v`, "csv")).toBe(`v\n${digits}\n`);
  const feature = await written(`SELECT ${value} AS v, NULL AS geometry`, "geojson");
  expect(feature).toContain(`"properties":{"v":${digits}}}`);
});

test.each([
  ["TIMESTAMPTZ '2024-01-01 00:00:00.5+05:30'", "2023-12-31T18:30:00.5Z"],
  ["TIMESTAMPTZ '1969-12-31 23:59:59.999999+00'", "1969-12-31T23:59:59.999999Z"],
  ["TIMESTAMPTZ '0044-03-15 (BC) 00:00:00+00'", "-000043-03-15T00:00:00Z"],
  ["TIMESTAMPTZ '12345-01-01 00:00:00+00'", "+012345-01-01T00:00:00Z"],
  ["TIMESTAMPTZ '294247-01-10 04:00:54.775806+00'", "+294247-01-10T04:00:54.775806Z"],
  ["TIMESTAMPTZ '271822-01-01 (BC) 00:00:00.5+00'", "-271821-01-01T00:00:00.5Z"],
  ["TIMESTAMPTZ '290308-12-22 (BC) 00:00:00+00'", "-290307-12-22T00:00:00Z"],
  ["'infinity'::TIMESTAMPTZ", "infinity"],
  ["TIMESTAMP '2024-01-01 12:00:00.25'", "2024-01-01 12:00:00.25"],
  ["DATE '2024-02-29'", "2024-02-29"],
  ["TIME '01:02:03.5'", "01:02:03.5"],
  ["TIMETZ '12:00:00+05'", "12:00:00+05:00"],
  ["INTERVAL '14 months 3 days 4 hours'", "1 year 2 months 3 days 04:00:00"],
  ["'a\\xFF'::BLOB", "a\\xFF"],
  ["'99523e44-69e2-46bb-8892-bc54b0a44224'::UUID", "99523e44-69e2-46bb-8892-bc54b0a44224"],
  ["'b'::ENUM('a', 'b')", "b"],
  ["'0101'::BIT", "0101"],
  ["'POINT Z (1 2 3)'::GEOMETRY", "POINT Z (1 2 3)"],
  ["'POINT EMPTY'::GEOMETRY", "POINT EMPTY"],
])("%s has one text in every format", async (value, text) => {
  expect(await rowsOf(`SELECT ${value} AS v, [${value}] AS l, {k: ${value}} AS s`)).toEqual([
    { v: text, l: [text], s: { k: text } },
  ]);
  expect(await written(`SELECT ${value} AS v, 1 AS n`, "csv")).toBe(`v,n\n${text},1\n`);
});

const anyNumber = "(random() - 0.5)";

test.each([
  `DATE '2000-01-01' + (${anyNumber} * 4000000)::INT`,
  "unnest(['infinity', '-infinity', '5877642-06-25 (BC)', '5881580-07-10'])::DATE",
  `make_timestamp((${anyNumber} * 6e17)::BIGINT)`,
  `make_timestamp((${anyNumber} * 6e17)::BIGINT)::TIMESTAMP_S`,
  `make_timestamp((${anyNumber} * 6e17)::BIGINT)::TIMESTAMP_MS`,
  `make_timestamp_ns((${anyNumber} * 1.8e19)::BIGINT)`,
  "unnest(['infinity', '-infinity'])::TIMESTAMP",
  "unnest(['infinity', '-infinity'])::TIMESTAMP_S",
  "unnest(['infinity', '-infinity'])::TIMESTAMP_MS",
  "unnest(['infinity', '-infinity'])::TIMESTAMP_NS",
  "make_time((random() * 22)::INT, 5, random() * 59)",
  "unnest(['23:59:59.123456789', '00:00:00'])::TIME_NS",
  "unnest(['12:00:00+05:30', '24:00:00-15:59:59'])::TIMETZ",
  `to_months((${anyNumber} * 100)::INT) + to_days((${anyNumber} * 100)::INT) + to_microseconds((${anyNumber} * 1e11)::BIGINT)`,
  `(${anyNumber} * 1e4)::DECIMAL(9, 4)`,
  `(${anyNumber} * 1e20)::DECIMAL(38, 10)`,
  `(${anyNumber} * 1e38)::HUGEINT`,
  "unnest(['-123456789012345678901234567890123456789', '0'])::BIGNUM",
  "encode(chr(1 + (random() * 126)::INT) || 'a\\b' || chr(233) || '\"''')",
  "unnest(['0101011110101', '1'])::BIT",
  "uuid()",
])("%s has the text that DuckDB gives it", async (expression) => {
  const csv = await written(`SELECT v, v::VARCHAR AS text FROM (SELECT ${expression} AS v FROM range(50))`, "csv");
  const lines = csv.trimEnd().split("\n").slice(1);
  expect(lines.length).toBeGreaterThanOrEqual(50);
  for (const line of lines) expect(line).toMatch(/^(?<text>.+),\k<text>$/);
});

test("CSV quotes what RFC 4180 says, and tells null from empty text", async () => {
  const text = fc.oneof(fc.constant(null), fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", " ", "é", "x") }));
  await fc.assert(
    fc.asyncProperty(fc.tuple(text, text), async (texts) => {
      const csv = await written("SELECT $P0 AS a, $P1 AS b", "csv", texts);
      const cell = (value: string | null) =>
        value === null ? "" : /^[^",\r\n]+$/.test(value) ? value : `"${value.replaceAll('"', '""')}"`;
      expect(csv).toBe(`a,b\n${texts.map(cell).join(",")}\n`);
    }),
    { numRuns: 50 },
  );
  expect(await written("SELECT NULL AS only UNION ALL SELECT 'x'", "csv")).toBe('only\n""\nx\n');
  expect(await written(`SELECT [1.50, NULL] AS l, {t: 'a"'} AS s, 'inf'::DOUBLE AS i`, "csv")).toBe(
    'l,s,i\n"[1.50,null]","{""t"":""a\\""""}",inf\n',
  );
});

test("a result has every value of a chunk, in slices or not", async () => {
  const rows = await rowsOf("SELECT range AS n, repeat('x', 1 + range::INT % 3) AS x, [range] AS l FROM range(5000)");
  expect(rows).toEqual(Array.from({ length: 5000 }, (_, n) => ({ n, x: "x".repeat(1 + (n % 3)), l: [n] })));
});

test("members of a struct without a name of their own are refused, since one would hide the other", async () => {
  await expect(written("SELECT row(1, 2) AS r", "json")).rejects.toThrow("Name them, for example {a: 1, b: 2}.");
});

test.each(["json", "csv", "geojson"])("a server in any time zone writes the same %s", async (format) => {
  const sql = `SELECT 1 AS longitude, 2 AS latitude, TIMESTAMPTZ '2024-07-01 12:00:00' AS local, epoch_ms(0)::TIMESTAMPTZ AS epoch,
    (TIMESTAMPTZ '2024-01-01 00:00:00+00')::DATE AS day, [TIMESTAMPTZ '2024-07-01 12:00:00'::VARCHAR] AS text`;
  const results = [];
  for (const TZ of ["UTC", "Asia/Kolkata", "America/St_Johns"]) {
    const result = pathOf("result");
    const folder = dirname(result);
    await rm(result, { force: true });
    const child = fork(resolve("lib/engine/child.mjs"), { execArgv: ["--expose-gc"], env: { ...process.env, TZ } });
    const ended = once(child, "exit");
    const order = { task: "run", sql, values: {}, format, folder, result };
    child.send({ ...order, memoryMb: 256, outputBytes: 1_000_000, threads: 1 });
    await new Promise<void>((answered) => child.on("message", (message) => "rows" in Object(message) && answered()));
    child.disconnect();
    await ended;
    results.push(await readFile(result, "utf8"));
  }
  expect(results[0]).toContain("2024-07-01T12:00:00Z");
  expect(results[1]).toBe(results[0]);
  expect(results[2]).toBe(results[0]);
});
