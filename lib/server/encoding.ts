import { queryOnce } from "./query-once";
import { CannotStart } from "./steps";

/** Throws CannotStart when the database cannot store every text, or does not know its characters. */
export async function demandUnicode(databaseUrl: string): Promise<void> {
  const sql = "SELECT getdatabaseencoding() AS encoding";
  const { encoding } = await queryOnce<{ encoding: string }>(databaseUrl, sql);
  if (encoding === "UTF8") return;
  throw new CannotStart(
    `The database has the encoding ${encoding}. Create it with UTF8: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.`,
  );
}
