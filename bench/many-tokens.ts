import { randomUUID } from "node:crypto";
import { pool } from "@/lib/db";
import { digestOf, makeValue } from "@/lib/tokens/value";

const batchSize = 10_000;

/** Creates accounts without a password. Returns their ids. */
export async function makeOwners(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await pool().query(
    "INSERT INTO users (id, user_name, full_name) SELECT id, 'bench-' || id, 'Bench' FROM unnest($1::uuid[]) AS u (id)",
    [ids],
  );
  await pool().query("INSERT INTO user_roles SELECT id, 'author' FROM unnest($1::uuid[]) AS u (id)", [ids]);
  return ids;
}

/** Creates valid API tokens of these owners in turn, each with one permission. Returns their ids and values. */
export async function makeTokens(count: number, owners: string[]): Promise<{ ids: string[]; values: string[] }> {
  const ids: string[] = [];
  const values: string[] = [];
  while (values.length < count) {
    const made = Array.from({ length: Math.min(batchSize, count - values.length) }, () => makeValue("api").reveal());
    const ownerIds = made.map((_, index) => owners[(values.length + index) % owners.length]);
    const { rows } = await pool().query(insert, [
      made.map(digestOf),
      ownerIds,
      made.map((value) => value.slice(-4)),
      batchCount++,
    ]);
    for (const { id } of rows) ids.push(id);
    for (const value of made) values.push(value);
  }
  return { ids, values };
}

let batchCount = 0;

// The ids ascend, as in the product, and no two tokens are created or expire at the same time.
const insert = `
  WITH made AS (
    INSERT INTO tokens (id, owner_id, kind, name, digest, last_four, created_at, expires_at)
    SELECT
      uuidv7(), owner, 'api', format('bench %s %s', $4::int, n), digest, last_four,
      now() - make_interval(mins => $4::int * 10000 + n::int), now() + make_interval(days => 30, secs => n)
    FROM unnest($1::bytea[], $2::uuid[], $3::text[]) WITH ORDINALITY AS given (digest, owner, last_four, n)
    RETURNING id
  ), granted AS (
    INSERT INTO grants (id, token_id, resource, action) SELECT uuidv7(), id, 'jobs', 'access' FROM made
  )
  SELECT id FROM made`;
