import { runStatement } from "./run-statement";

// The tables of the barest server, with as many rows as those of Tessera: without triggers, foreign keys and text search.
const statements = [
  "CREATE SCHEMA bare",
  `CREATE TABLE bare.tokens AS
     SELECT id, owner_id, name, digest, last_four, enabled, created_at, expires_at FROM tokens WHERE kind = 'api'`,
  "ALTER TABLE bare.tokens ADD PRIMARY KEY (id)",
  "CREATE UNIQUE INDEX ON bare.tokens (digest)",
  "CREATE INDEX ON bare.tokens (owner_id, created_at, id)",
  "CREATE TABLE bare.grants AS SELECT token_id, resource || ':' || action AS permission FROM grants WHERE token_id IS NOT NULL",
  "CREATE INDEX ON bare.grants (token_id)",
  `CREATE TABLE bare.events (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     at timestamptz NOT NULL, action text NOT NULL, actor_id uuid, subject_id uuid NOT NULL, after jsonb
   )`,
  "CREATE INDEX ON bare.events (subject_id, id)",
  "VACUUM ANALYZE bare.tokens, bare.grants",
];

/** Creates the tables in the database of DATABASE_URL. Returns the ids of up to `count` tokens that these owners have. */
export async function makeBareTables(owners: string[], count: number): Promise<string[]> {
  const databaseUrl = process.env.DATABASE_URL ?? "";
  for (const statement of statements) await runStatement(databaseUrl, statement);
  const found = "SELECT id FROM bare.tokens WHERE owner_id = ANY($1::uuid[]) LIMIT $2";
  const rows = await runStatement(databaseUrl, found, [owners, count]);
  return rows.map(({ id }) => id);
}
