import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { parseValue } from "@/lib/tokens/value";

/**
 * Looks for values of tokens where none may be (design 3.1.2). A value is known by its shape and checksum, so every one
 * that was ever made is looked for, not only those a test remembers.
 *
 * @param paths folders and files that are read byte by byte.
 * @returns the places, in words; the values themselves are not repeated.
 */
export async function leaksInFiles(paths: string[]): Promise<string[]> {
  const files = (await Promise.all(paths.map(filesIn))).flat();
  const leaks: string[] = [];
  for (const file of files) {
    if (holdsValue(await readFile(file, "latin1"))) leaks.push(`the file ${file}`);
  }
  return leaks;
}

/** The same for every row of every table, as text. */
export async function leaksInDatabase(databaseUrl: string): Promise<string[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const tables = await client.query(
    "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
  );
  const leaks: string[] = [];
  for (const { name } of tables.rows) {
    const { rows } = await client.query(`SELECT row::text AS text FROM ${name} AS row`);
    if (rows.some(({ text }) => holdsValue(text))) leaks.push(`the table ${name}`);
  }
  await client.end();
  return leaks;
}

/** Is there a token's value in this text? */
export function holdsValue(text: string): boolean {
  return (text.match(/ts[as]_[0-9A-Za-z]{46}/g) ?? []).some((match) => parseValue(match) !== null);
}

async function filesIn(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => null);
  if (!entries) return [path];
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
