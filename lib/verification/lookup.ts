import { pool } from "../db";
import type { TokenKind } from "../tokens/schema";

/** All that verification needs to know of a token, in one row. */
export interface FoundToken {
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
  /** What the token was given, and what its owner holds, in words. */
  given: string[];
  held: string[];
}

// Prepared once per connection: half the cost of asking anew. The views say what was given and what is held.
const text = `
  SELECT t.id, t.kind, t.name, t.enabled,
    t.expires_at AS "expiresAt", t.extended_at AS "extendedAt",
    t.all_permissions AS "allPermissions", t.in_url AS "inUrl",
    u.id AS "ownerId", u.user_name AS "ownerName", u.enabled AS "ownerEnabled",
    u.must_change_password AS "mustChangePassword",
    ARRAY(SELECT g.permission FROM granted_permissions g WHERE g.token_id = t.id) AS given,
    ARRAY(SELECT h.permission FROM held_permissions h WHERE h.user_id = t.owner_id) AS held
  FROM tokens t JOIN users u ON u.id = t.owner_id
  WHERE t.digest = $1`;

/** Token, owner and grants by the digest of the value, in one round trip. */
export async function findByDigest(digest: Buffer): Promise<FoundToken | undefined> {
  const { rows } = await pool().query<FoundToken>({ name: "verify-token", text, values: [digest] });
  return rows[0];
}
