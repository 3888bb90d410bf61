import { randomUUID } from "node:crypto";
import { db, pool } from "@/lib/db";
import { digestOf, makeValue } from "@/lib/tokens/value";
import { ensureRoles } from "@/lib/users/roles";

const owners = 100;
const batch = 5_000;

/** Gives an empty database so many good tokens of a hundred people, each with one permission. Answers the values. */
export async function makeManyTokens(count: number): Promise<string[]> {
  await db.$transaction((tx) => ensureRoles(tx));
  const ids = Array.from({ length: owners }, () => randomUUID());
  await pool().query(
    "INSERT INTO users (id, user_name, full_name) SELECT id, 'bench-' || n, 'Bench' FROM unnest($1::uuid[]) WITH ORDINALITY AS u (id, n)",
    [ids],
  );
  await pool().query("INSERT INTO user_roles SELECT id, 'user' FROM unnest($1::uuid[]) AS u (id)", [ids]);
  const values: string[] = [];
  while (values.length < count) {
    const made = Array.from({ length: Math.min(batch, count - values.length) }, () => makeValue("api").reveal());
    await pool().query(insert, [made.map(digestOf), made.map((_, index) => ids[index % owners]), values.length]);
    for (const value of made) values.push(value);
  }
  await pool().query("VACUUM ANALYZE");
  return values;
}

const insert = `
  WITH made AS (
    INSERT INTO tokens (id, owner_id, kind, name, digest, last_four, created_at, expires_at)
    SELECT gen_random_uuid(), owner, 'api', 'bench ' || $3::int + n, digest, 'xxxx', now(), now() + interval '30 days'
    FROM unnest($1::bytea[], $2::uuid[]) WITH ORDINALITY AS given (digest, owner, n)
    RETURNING id
  )
  INSERT INTO grants (id, token_id, resource, action) SELECT gen_random_uuid(), id, 'jobs', 'access' FROM made`;
