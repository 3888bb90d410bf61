import type { Client } from "pg";

/** Keeps the order of names valid: another ICU version sorts differently, so the indexes are rebuilt when PostgreSQL
 * comes with one. Returns a remark for the operator when there is no ICU, else null (decision 1821). */
export async function ensureSortOrder(client: Client): Promise<string | null> {
  const { rows } = await client.query(
    `SELECT c.oid, c.collprovider = 'i' AS "hasIcu", c.collversion IS DISTINCT FROM pg_collation_actual_version(c.oid) AS "isStale"
     FROM pg_collation c WHERE c.collname = 'natural_order' AND c.collnamespace = current_schema()::regnamespace`,
  );
  const [collation] = rows;
  if (!collation?.hasIcu) return "names sort by code point, since this PostgreSQL was built without ICU";
  if (collation.isStale) await rebuildIndexes(client, collation.oid);
  return null;
}

async function rebuildIndexes(client: Client, collation: number): Promise<void> {
  const { rows } = await client.query(
    "SELECT indexrelid::regclass::text AS name FROM pg_index WHERE $1 = ANY (indcollation::oid[])",
    [collation],
  );
  await client.query("BEGIN");
  for (const { name } of rows) await client.query(`REINDEX INDEX ${name}`);
  await client.query("ALTER COLLATION natural_order REFRESH VERSION");
  await client.query("COMMIT");
}
