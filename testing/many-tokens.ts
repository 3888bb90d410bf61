import { Client } from "pg";
import { env } from "@/lib/env";

/**
 * Writes many API tokens of one owner: named `token 00001`, …, created one minute apart until `made`, and valid for a year;
 * with `halfExpired`, every other one was valid for a day only. A third of them have never been used.
 */
export async function writeManyTokens(
  ownerId: string,
  count: number,
  made: Date,
  { halfExpired = false }: { halfExpired?: boolean } = {},
): Promise<void> {
  const text = `
    INSERT INTO tokens (id, owner_id, kind, name, description, digest, last_four, created_at, expires_at, last_used_at)
    SELECT gen_random_uuid(), $1::uuid, 'api', 'token ' || lpad(n::text, greatest(5, length(n::text)), '0'), 'For machine ' || md5(n::text),
      sha256(convert_to($1::text || n, 'UTF8')), right(lpad(n::text, 4, '0'), 4), made,
      made + CASE WHEN $4::boolean AND n % 2 = 0 THEN interval '1 day' ELSE interval '1 year' END,
      CASE WHEN n % 3 > 0 THEN made + (n % 997) * interval '1 second' END
    FROM (SELECT n, $3::timestamptz - ($2::int - n) * interval '1 minute' AS made FROM generate_series(1, $2::int) n) AS each`;
  // The product's connections have a limit for the time of a statement.
  const client = new Client({ connectionString: env().databaseUrl });
  await client.connect();
  await client.query(text, [ownerId, count, made, halfExpired]).finally(() => client.end());
}
