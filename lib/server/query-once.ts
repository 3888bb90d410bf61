import { Client } from "pg";

const timeoutMs = 5_000;

/** The row of a query, on a connection of its own. Throws what the database or the connection says. */
export async function queryOnce<Row extends object>(databaseUrl: string, sql: string): Promise<Row> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query(sql);
    return rows[0];
  } finally {
    await client.end();
  }
}
