import { runIn, type Tx } from "../db";
import { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";
import { canOf } from "./policy";
import type { TokenKind, TokenView } from "./schema";
import { stateOf } from "./state";
import { hintOf } from "./value";

export interface TokenRow {
  id: string;
  kind: TokenKind;
  name: string;
  description: string;
  lastFour: string;
  enabled: boolean;
  allPermissions: boolean;
  /** Sorted; empty for All Permissions. */
  permissions: string[];
  inUrl: boolean;
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
  lastUsedAddress: string | null;
  lastUsedAgent: string | null;
  app: { id: string; slug: string } | null;
  /** Another one whenever the row has been written, also when it noted a use. */
  version: string;
}

const permissionsSql = Prisma.sql`ARRAY(
  SELECT g.permission FROM granted_permissions g WHERE g.token_id = t.id ORDER BY g.permission COLLATE "C"
)`;

/** What owners see of their tokens. `which` and `order` are SQL on `tokens t`. */
export const tokensSql = (which: Prisma.Sql, order = Prisma.sql`t.id`): Prisma.Sql => Prisma.sql`
    SELECT t.id, t.kind::text, t.name, t.description, t.last_four AS "lastFour", t.enabled, t.all_permissions AS "allPermissions",
      ${permissionsSql} AS permissions,
      t.in_url AS "inUrl", t.created_at AS "createdAt", t.expires_at AS "expiresAt", t.last_used_at AS "lastUsedAt",
      t.last_used_address AS "lastUsedAddress", t.last_used_agent AS "lastUsedAgent",
      CASE WHEN a.id IS NOT NULL THEN json_build_object('id', a.id, 'slug', a.slug) END AS app, t.xmin::text AS version
    FROM tokens t LEFT JOIN apps a ON a.id = t.app_id
    WHERE ${which} ORDER BY ${order}`;

/** Reads {@link tokensSql} in one round trip. */
export const readTokens = (tx: Tx, which: Prisma.Sql): Promise<TokenRow[]> => runIn(tx)(tokensSql(which));

/** The granted permissions by token id, sorted; empty for All Permissions. */
export async function givenPermissions(tx: Tx, tokenIds: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await tx.$queryRaw<{ id: string; permissions: string[] }[]>`
    SELECT t.id, ${permissionsSql} AS permissions FROM tokens t WHERE t.id = ANY (${tokenIds}::uuid[])`;
  return new Map(rows.map(({ id, permissions }) => [id, permissions]));
}

/** What a view shows of a row. */
export type ShownToken = Omit<TokenRow, "version">;

export function viewOf(who: Actor, row: ShownToken): TokenView {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    description: row.description,
    hint: hintOf(row.kind, row.lastFour),
    enabled: row.enabled,
    state: stateOf(row, who.now),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    lastUsed: row.lastUsedAt && {
      at: row.lastUsedAt.toISOString(),
      address: row.lastUsedAddress,
      agent: row.lastUsedAgent,
    },
    allPermissions: row.allPermissions,
    permissions: row.permissions,
    inUrl: row.inUrl,
    app: row.app && { slug: row.app.slug },
    current: row.id === who.token.id,
    can: canOf(who, row),
  };
}
