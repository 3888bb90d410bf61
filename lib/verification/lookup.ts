import type { Pool } from "pg";
import type { TokenKind } from "../tokens/schema";
import { positionColumns, readPatienceMs } from "./confirmation";
import type { LogPosition } from "./memory";

/** What the database says of a token and its owner; permissions apart. */
export interface FoundToken {
  /** SHA-256 of the value, in base64. */
  digest: string;
  id: string;
  kind: TokenKind;
  name: string;
  enabled: boolean;
  expiresAt: Date;
  extendedAt: Date | null;
  allPermissions: boolean;
  inUrl: boolean;
  ownerId: string;
  ownerName: string;
  ownerEnabled: boolean;
  mustChangePassword: boolean;
}

export interface TokenRow extends FoundToken {
  /** What the token was given, in words. */
  given: string[];
}

type Moment = LogPosition & { now: number };

/** What was found, and when: all of it in one snapshot. */
export interface LookUp {
  rows: TokenRow[];
  readAt: LogPosition;
  /** The database's time, in milliseconds. */
  now: number;
}

// Prepared once per connection: half the cost of asking anew.
const tokens = {
  name: "verify-tokens",
  text: `
    SELECT ${positionColumns}, encode(t.digest, 'base64') AS digest, t.id, t.kind, t.name, t.enabled,
      t.expires_at AS "expiresAt", t.extended_at AS "extendedAt",
      t.all_permissions AS "allPermissions", t.in_url AS "inUrl",
      u.id AS "ownerId", u.user_name AS "ownerName", u.enabled AS "ownerEnabled",
      u.must_change_password AS "mustChangePassword",
      CASE WHEN t.all_permissions THEN '{}' ELSE
        ARRAY(SELECT g.permission FROM granted_permissions g WHERE g.token_id = t.id) END AS given
    FROM change_counter c
    LEFT JOIN (tokens t JOIN users u ON u.id = t.owner_id)
      ON t.digest = ANY (ARRAY(SELECT decode(d, 'base64') FROM unnest($1::text[]) AS d))`,
  query_timeout: readPatienceMs,
};

/** The tokens of these digests, in one round trip; those that do not exist are left out. */
export async function findTokens(pool: Pool, digests: readonly string[]): Promise<LookUp> {
  const { rows } = await pool.query<TokenRow & Moment>({ ...tokens, values: [digests] });
  const [first] = rows;
  if (!first) throw new Error("The change counter has no row.");
  const found = rows.filter(({ id }) => id !== null).map(({ server: _, number: __, now: ___, ...row }) => row);
  return { rows: found, readAt: { server: first.server, number: first.number }, now: first.now };
}

const owners = {
  name: "verify-owners",
  text: `
    SELECT ${positionColumns}, o.id, ARRAY(SELECT h.permission FROM held_permissions h WHERE h.user_id = o.id) AS held
    FROM change_counter c, unnest($1::uuid[]) AS o (id)`,
  query_timeout: readPatienceMs,
};

/** What these owners hold, in words. */
export async function findHeld(
  pool: Pool,
  ids: readonly string[],
): Promise<{ rows: { id: string; held: string[] }[]; readAt: LogPosition }> {
  const { rows } = await pool.query<{ id: string; held: string[] } & LogPosition>({ ...owners, values: [ids] });
  return { rows, readAt: { server: rows[0]?.server ?? 0, number: rows[0]?.number ?? -1 } };
}
