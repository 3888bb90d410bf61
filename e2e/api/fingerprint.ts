import { pool } from "@/lib/db";

/**
 * A digest of each table, without the last use of tokens, which every request may change.
 */
export async function fingerprint(): Promise<Record<string, string>> {
  const tables = await pool().query(
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
  );
  const digests: Record<string, string> = {};
  for (const { name } of tables.rows) {
    const { rows } = await pool().query(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(row, ',' ORDER BY row)), '') AS digest
       FROM (SELECT (to_jsonb(t) - 'last_used_at' - 'last_used_address' - 'last_used_agent')::text AS row FROM ${name} t) rows`,
    );
    digests[name] = rows[0].digest;
  }
  return digests;
}
