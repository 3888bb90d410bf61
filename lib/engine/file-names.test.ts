import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withStoredFileNames } from "./file-names.mjs";
import { runQuery } from "./run";

const names = ["K\u00F6ln.csv", "\uD55C\uAE00 \u00E9.csv", "it's \u00E9.csv", "plain.csv"];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tessera-names-"));
  for (const name of names) await writeFile(join(folder, name), "city\nKo\u0308ln\n");
});
afterAll(() => rm(folder, { recursive: true }));

const rewritten = (sql: string) => withStoredFileNames({ sql, folder, values: {} }).sql;
const decomposed = (text: string) => text.normalize("NFD");

test("a query finds a file by a name in another normal form, as a Mac writes it", async () => {
  const sql = decomposed("-- it's in K\u00F6ln\nSELECT city, city = 'K\u00F6ln' AS same FROM 'K\u00F6ln.csv'");
  const limits = { memoryMb: 256, seconds: 60, outputMb: 1 };
  const result = join(tmpdir(), `tessera-names-${process.pid}`);
  const order = { sql, values: {}, format: "csv" as const, folder, result, limits, repositoryId: "names" };
  expect(await runQuery(order)).toMatchObject({ rows: 1 });
  await rm(result);
});

test("every name is found in any normal form and in any quotes, and everything else stays", () => {
  const name = fc.constantFrom(...names);
  const form = fc.constantFrom("NFC", "NFD");
  const noise = fc.constantFrom(
    "SELECT '\u0065\u0301'",
    "-- don't",
    "/* \"o'\u0308 */",
    "SELECT 'Ko\u0308ln.txt'",
    "SELECT $A, ''''",
  );
  fc.assert(
    fc.property(name, form, fc.array(noise), fc.constantFrom("", "./"), (file, written, before, prefix) => {
      const quoted = (text: string) => [
        `'${prefix}${text.replaceAll("'", "''")}'`,
        `"${prefix}${text}"`,
        `$$${prefix}${text}$$`,
      ];
      const lead = `${before.join("\n")}\n`;
      if (file.includes("'")) return;
      quoted(file.normalize(written)).forEach((token, index) => {
        expect(rewritten(`${lead}FROM ${token}`)).toBe(`${lead}FROM ${quoted(file)[index]}`);
      });
    }),
  );
});

test("patterns of names and values of parameters are rewritten too", () => {
  expect(rewritten(decomposed("FROM 'K\u00F6*.c?v'"))).toBe("FROM 'K\u00F6*.c?v'");
  expect(rewritten(decomposed("FROM '\u00DC*.csv'"))).toBe(decomposed("FROM '\u00DC*.csv'"));
  const values = { A: { type: "text", value: decomposed("K\u00F6ln.csv") }, B: { type: "text", value: "e\u0301" } };
  expect(withStoredFileNames({ sql: "", folder, values }).values).toEqual({
    A: { type: "text", value: "K\u00F6ln.csv" },
    B: values.B,
  });
});

test("texts of every kind are told from names of files after them", () => {
  const name = "K\u00F6ln.csv";
  for (const lead of ["SELECT E'it''s \\' /*', ", "SELECT $a$ ' $a$, ", "SELECT 'it''s', ", 'SELECT 1 AS "a""", ']) {
    expect(rewritten(`${lead}* FROM '${decomposed(name)}'`)).toBe(`${lead}* FROM '${name}'`);
    const text = `${lead}'${decomposed(name)}''s'`;
    expect(rewritten(text)).toBe(text);
  }
});
