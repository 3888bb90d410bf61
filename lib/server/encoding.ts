import { Client } from "pg";
import { CannotStart } from "./steps";

/** Throws CannotStart when the database cannot store every text, or does not know its characters. */
export async function demandUnicode(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000, query_timeout: 5_000 });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query("SELECT getdatabaseencoding() AS encoding");
    const { encoding } = rows[0];
    if (encoding === "UTF8") return;
    throw new CannotStart(
      `The database has the encoding ${encoding}. Create it with UTF8: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.`,
    );
  } finally {
    await client.end();
  }
}
