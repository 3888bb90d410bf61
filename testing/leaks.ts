import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { parseValue } from "@/lib/tokens/value";

/**
 * Searches files for token values, which must not be there (design 3.1.2). It finds all values, since a value is recognized
 * by its form and checksum.
 *
 * @param paths files, and folders that are searched recursively.
 * @returns the places in words, without the values.
 */
export async function leaksInFiles(paths: string[]): Promise<string[]> {
  const files = (await Promise.all(paths.map(listFiles))).flat();
  const leaks: string[] = [];
  for (const file of files) {
    if (holdsValue(await readFile(file, "latin1"))) leaks.push(`the file ${file}`);
  }
  return leaks;
}

/** Searches all rows of all tables, as text, in the same way. */
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

export function holdsValue(text: string): boolean {
  return (text.match(/ts[as]_[0-9A-Za-z]{46}/g) ?? []).some((match) => parseValue(match) !== null);
}

async function listFiles(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => null);
  if (!entries) return [path];
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
