import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type QueryOrder, runQuery } from "./run";

// Processes start slowly on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let result: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tessera-text-files-"));
  result = `${folder}-result`;
});
afterAll(() => Promise.all([rm(folder, { recursive: true }), rm(result, { force: true })]));

async function run(sql: string, more: Partial<QueryOrder> = {}) {
  const log: string[] = [];
  const limits = { memoryMb: 256, seconds: 60, outputMb: 10 };
  const order: QueryOrder = { sql, values: {}, format: "json", folder, result, limits, repositoryId: "texts", ...more };
  return { outcome: await runQuery(order, { onLog: (text) => log.push(text) }), log };
}

const put = (name: string, content: string | Buffer) => writeFile(join(folder, name), content);

async function rowsOf(sql: string) {
  const { outcome, log } = await run(sql);
  expect(outcome).toEqual({ rows: expect.any(Number), bytes: expect.any(Number) });
  return { rows: JSON.parse(await readFile(result, "utf8")), log };
}

const text = "name,city,price\r\nJosé,Köln,1 €\r\n“Zoë”,São Paulo,2 €\r\n";
const windows1252 = Buffer.from(text.replaceAll("€", "\x80").replaceAll("“", "\x93").replaceAll("”", "\x94"), "latin1");
const utf16 = Buffer.from(`\uFEFF${text}`, "utf16le");
const plain = Buffer.from(text);

test.each([
  ["windows-1252", windows1252],
  ["UTF-16LE", utf16],
  ["UTF-16BE", Buffer.from(utf16).swap16()],
  ["UTF-16LE", utf16.subarray(2)],
  ["UTF-16BE", Buffer.from(utf16.subarray(2)).swap16()],
  [null, plain],
  [null, Buffer.concat([Buffer.from("\uFEFF"), plain])],
])("a CSV file in %s has the text that its author wrote (row %#)", async (encoding, bytes) => {
  await put("people.csv", bytes);
  const { rows, log } = await rowsOf("FROM 'people.csv'");
  expect(rows).toEqual([
    { name: "José", city: "Köln", price: "1 €" },
    { name: "“Zoë”", city: "São Paulo", price: "2 €" },
  ]);
  expect(log.filter((line) => line.includes("was read as"))).toEqual(
    encoding === null ? [] : [`people.csv was read as ${encoding}.`],
  );
});

test("other characters late in a file, in two files and in JSON are found too", async () => {
  await put(
    "late.csv",
    Buffer.concat([Buffer.from(`a,b\n${"1,x\n".repeat(50_000)}`), Buffer.from("1,K\xf6ln\n", "latin1")]),
  );
  await put("people.csv", windows1252);
  const late = "SELECT city AS c FROM 'people.csv' UNION ALL SELECT b FROM 'late.csv' WHERE b <> 'x' ORDER BY 1";
  expect((await rowsOf(late)).rows).toEqual([{ c: "Köln" }, { c: "Köln" }, { c: "São Paulo" }]);
  await put("places.json", Buffer.from('\uFEFF[{"city":"Köln"}]', "utf16le"));
  expect((await rowsOf("FROM 'places.json'")).rows).toEqual([{ city: "Köln" }]);
  await put("note.txt", Buffer.from("K\xf6ln", "latin1"));
  expect((await rowsOf("SELECT content FROM read_text('note.txt')")).rows).toEqual([{ content: "Köln" }]);
});

test.each([
  ["ignore_errors = true", windows1252],
  ["store_rejects = true", windows1252],
  ["ignore_errors = true", utf16],
  ["ignore_errors = true", Buffer.from(text.replaceAll("\r\n", "\r"))],
])("an option that leaves out bad lines leaves out none with other characters: %s (row %#)", async (option, bytes) => {
  await put("people.csv", bytes);
  await put("unused.csv", Buffer.from("PK\x03\x04\xff\xfe,\x00\n\xe9a\xe0bc,\x01\n", "latin1"));
  const sql = `SELECT city FROM read_csv('people.csv', ${option})`;
  expect((await rowsOf(sql)).rows).toEqual([{ city: "Köln" }, { city: "São Paulo" }]);
});

test.each([
  ["plain.csv", Buffer.from("id,name\n1,a\n2,b\n", "utf16le"), "FROM 'plain.csv'"],
  ["plain.csv", Buffer.from("id,name\n1,a\n2,b\n", "utf16le").swap16(), "FROM 'plain.csv'"],
  ["plain.json", Buffer.from('\uFEFF[{"id":1,"name":"a"},{"id":2,"name":"b"}]'), "FROM 'plain.json'"],
  ["plain.ndjson", Buffer.from('\uFEFF{"id":1,"name":"a"}\n{"id":2,"name":"b"}\n'), "FROM read_json($FILE)"],
])(
  "a file that DuckDB would misread without an error has the text that its author wrote: %s (row %#)",
  async (...file) => {
    const [name, bytes, sql] = file;
    await put(name, bytes);
    const { outcome } = await run(sql, { values: { FILE: { type: "text", value: name } } });
    expect(outcome).toMatchObject({ rows: 2 });
    expect(JSON.parse(await readFile(result, "utf8"))).toEqual([
      { id: 1, name: "a" },
      { id: 2, name: "b" },
    ]);
  },
);

test("files that a pattern matches are converted", async () => {
  await put("many-1.csv", Buffer.from("city\nK\xf6ln\n", "latin1"));
  await put("many-2.csv", Buffer.from("city\nBern\n", "utf16le"));
  const { rows } = await rowsOf("FROM read_csv('many-*.csv', header = true) ORDER BY city");
  expect(rows).toEqual([{ city: "Bern" }, { city: "Köln" }]);
});

test("NUL characters in UTF-8 stay what they are", async () => {
  await put("nul.csv", "a,b\n1,x\0y\0z\n2,\0\0\0\n");
  expect((await rowsOf("SELECT b FROM 'nul.csv' ORDER BY a")).rows).toEqual([{ b: "x\0y\0z" }, { b: "\0\0\0" }]);
});

test("a data file may be called as if it were converted, and a text in UTF-8 may have a replacement character", async () => {
  await put("x.csv", "a,b\n1,\uFFFD\n2,y\r\n3,z\r");
  await put("x.csv.converted", "kept");
  expect((await rowsOf("FROM 'x.csv' ORDER BY a")).rows).toEqual([
    { a: 1, b: "\uFFFD" },
    { a: 2, b: "y" },
    { a: 3, b: "z" },
  ]);
  expect(await readFile(join(folder, "x.csv.converted"), "utf8")).toBe("kept");
});

test("CSV and Parquet results start over when a file is converted", async () => {
  await put("people.csv", windows1252);
  const { outcome } = await run("SELECT name FROM 'people.csv'", { format: "csv" });
  expect(outcome).toMatchObject({ rows: 2 });
  expect(await readFile(result, "utf8")).toBe("name\nJosé\n“Zoë”\n");
  await put("people.csv", windows1252);
  expect((await run("FROM 'people.csv'", { format: "parquet" })).outcome).toMatchObject({ rows: 2 });
});

test.each([
  ["few rows", "a,b\r\n1,2\n3,4\r5,6\r\n"],
  ["a last line as of another system", "a,b\n1,2\n3,4\r\n5,6\r\n"],
  ["carriage returns alone", "a,b\r1,2\r3,4\r5,6\r"],
])("mixed line ends lose no row: %s", async (_, content) => {
  await put("mixed.csv", content);
  expect((await rowsOf("FROM 'mixed.csv'")).rows).toEqual([
    { a: 1, b: 2 },
    { a: 3, b: 4 },
    { a: 5, b: 6 },
  ]);
});

test("line ends that change late in a file lose no row, at any boundary between pieces", async () => {
  const rows = 30_000;
  await put("mixed.csv", `a,b\r\n${"1,x\r\n".repeat(rows)}1,y\n2,y\n`);
  expect((await rowsOf("SELECT count(*) AS n, count_if(b IN ('x', 'y')) AS plain FROM 'mixed.csv'")).rows).toEqual([
    { n: rows + 2, plain: rows + 2 },
  ]);
});

test.each([
  [`a,b\n1,he said "hi"\n2,it's\n`, ['he said "hi"', "it's"]],
  [`a,b\n1,"say ""hi"""\n2,"x, y"\n`, ['say "hi"', "x, y"]],
  [`a;b\n1;x, y\n2;z\n`, ["x, y", "z"]],
  [`a\tb\n1\tx\n2\ty\n`, ["x", "y"]],
  [`a|b\n1|x\n2|y\n`, ["x", "y"]],
])("odd quotes and delimiters are read: %j", async (content, expected) => {
  await put("odd.csv", content);
  expect((await rowsOf("SELECT b FROM 'odd.csv' ORDER BY a")).rows.map(({ b }: { b: string }) => b)).toEqual(expected);
});

const many = (line: string, last: string) => `a,b\n${line.repeat(30_000)}${last}`;

test.each<[string, string | Buffer, string, RegExp]>([
  [
    "late.csv",
    many("1,2\n", "x,3\n"),
    "FROM 'late.csv'",
    /^late\.csv, line 30002: the a "x" is not of the type BIGINT\. To read it as text, write read_csv\('late\.csv', types = \{'a': 'VARCHAR'\}\)\.$/,
  ],
  [
    "cols.csv",
    many("1,x\n", "3,u,v\n"),
    "FROM 'cols.csv'",
    /^cols\.csv, line 30002 has 3 values for 2 columns\..*read_csv\('cols\.csv', ignore_errors = true\)\.$/,
  ],
  [
    "few.csv",
    many("1,x\n", "3\n"),
    "FROM 'few.csv'",
    /^few\.csv, line 30002 has 1 of 2 values\..*read_csv\('few\.csv', null_padding = true\)\.$/,
  ],
  [
    "open.csv",
    many('1,"x"\n', '3,"open\n4,d\n'),
    "FROM 'open.csv'",
    /^open\.csv, line 30002: a quotation mark is not closed\..*read_csv\('open\.csv', quote = ''\)\.$/,
  ],
  [
    "long.csv",
    `a,b\n1,${"x".repeat(3_000_000)}\n2,y\n`,
    "FROM 'long.csv'",
    /^long\.csv has a line of more than 2000000 bytes\. Write read_csv\('long\.csv', max_line_size = \d+\)\.$/,
  ],
])("%s is refused in a sentence, and what it says works", async (name, content, sql, sentence) => {
  await put(name, content);
  const { outcome } = await run(sql);
  expect(outcome).toEqual({ refused: expect.stringMatching(sentence) });
  const advised = /read_csv\(.*\)(?=\.$)/.exec((outcome as { refused: string }).refused)?.[0];
  expect((await run(`SELECT count(*) AS n, count(a), count(b) FROM ${advised}`)).outcome).toHaveProperty("rows", 1);
});

test.each<[string, RegExp]>([
  ["FROM read_csv('people.csv', encoding = 'latin-1')", /^Leave out the option encoding/],
  ["FROM read_csv('people.csv', encoding = 'windows-1252')", /^Leave out the option encoding/],
  ["SELECT st_point(1, 2)", /^st_point belongs to the DuckDB extension spatial, which is not available here\.$/],
  ["FROM read_xlsx('a.xlsx')", /^read_xlsx belongs to the DuckDB extension excel/],
  ["FROM 'https://example.org/a.csv'", /^https:\/\/example\.org\/a\.csv needs a DuckDB extension/],
  ["FROM 'absent.csv'", /^The repository has no data file absent\.csv\.$/],
  ["FROM '../other.csv'", /^\.\.\/other\.csv cannot be read here/],
  ["FROM 'a.geojson'", /write read_csv\('a\.geojson'\) or read_json\('a\.geojson'\)\. \(line 1\)$/],
  [
    `SELECT ${"[".repeat(1001)}1${"]".repeat(1001)}`,
    /^The query is not valid: Max expression depth limit of 1000 exceeded\.$/,
  ],
  ["FROM nothing", /^Catalog Error: Table with name nothing does not exist! \(line 1\)$/],
  ["SELECT a FROM 'zip.csv'", /^zip\.csv is not text in UTF-8, UTF-16 or windows-1252\./],
  ["FROM 'wide.csv'", /^wide\.csv is not text in UTF-8, UTF-16 or windows-1252\./],
  ["FROM 'packed.csv.gz'", /^packed\.csv\.gz is not text in UTF-8, UTF-16 or windows-1252\./],
  ["FROM 'marked.csv'", /^marked\.csv is not text in UTF-8, UTF-16 or windows-1252\./],
  ["SELECT a FROM 'other.csv'", /^other\.csv is not text in UTF-8, UTF-16 or windows-1252\./],
])("%s is refused without advice that cannot be followed here", async (sql, sentence) => {
  await put("people.csv", windows1252);
  await put("zip.csv", Buffer.from("PK\x03\x04\xff\xfe,\x00\n\xe9a\xe0bc,\x01\n", "latin1"));
  await put("other.csv", Buffer.from("a,b\n1,\x81\x8d\n", "latin1"));
  await put(
    "wide.csv",
    Buffer.from(new Uint32Array(Array.from("a,b\n1,K\u00f6ln\n", (sign) => sign.charCodeAt(0))).buffer),
  );
  const wide = Uint32Array.from("\uFEFFa,b\n1,K\u00f6ln\n", (sign) => sign.charCodeAt(0));
  await put("marked.csv", Buffer.from(wide.buffer));
  await put("packed.csv.gz", gzipSync(Buffer.from("a,b\n1,K\xf6ln\n", "latin1")));
  const { outcome } = await run(sql);
  expect(outcome).toEqual({ refused: expect.stringMatching(sentence) });
  expect(JSON.stringify(outcome)).not.toMatch(/INSTALL|LOAD |SET |Possible|pg_|duckdb\.org/);
});

test.each(["json", "geojson", "csv", "parquet"] as const)(
  "an error after many rows fails the run: %s",
  async (format) => {
    const failing =
      "SELECT CASE range WHEN 90000 THEN error('late') ELSE 1 END AS longitude, 2 AS latitude FROM range(100000)";
    expect((await run(failing, { format })).outcome).toEqual({ refused: "Invalid Input Error: late" });
  },
);

test.each([
  "SELECT 1 AS a;",
  "SELECT 1 AS a; -- done; really",
  "-- first; of all\nSELECT 1 AS a -- here; too\n;\n/* the; end */ ;; ",
  ";; SELECT 1 AS a",
  "SELECT 1 AS a /* ; */ WHERE ';' = ';' AND 'it''s;' <> $$;$$ AND $x$;'$x$ <> e'\\';' AND \"a\" = 1;",
  "SELECT E'it''s \\'; ' AS a; -- done",
  'WITH "b;c" AS (SELECT 1 AS a) FROM "b;c"; -- it\'s',
])("one statement may end in semicolons and comments: %j", async (sql) => {
  for (const format of ["json", "csv"] as const) {
    const source = sql.replace('AND "a" = 1', "");
    expect((await run(source, { format })).outcome).toMatchObject({ rows: 1 });
  }
});

test("a place in a query stays where it is after semicolons", async () => {
  const { outcome } = await run(";\n\nSELECT nothing FROM range(1);");
  expect(outcome).toEqual({ refused: expect.stringMatching(/\(line 3\)$/) });
});
