import { Client } from "pg";

/** Runs a statement on a connection of its own, since those of the product have a limit for its time. Returns the rows. */
export async function runStatement(databaseUrl: string, text: string, values: unknown[] = []) {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}
