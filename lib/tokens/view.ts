import type { Tx } from "../db";
import type { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";
import { canOf } from "./policy";
import type { TokenView } from "./schema";
import { stateOf } from "./state";
import { hintOf } from "./value";

/** The fields of a token that a view is made from: all but its digest. */
export const tokenFields = {
  id: true,
  kind: true,
  name: true,
  description: true,
  lastFour: true,
  enabled: true,
  allPermissions: true,
  inUrl: true,
  createdAt: true,
  expiresAt: true,
  lastUsedAt: true,
  lastUsedAddress: true,
  lastUsedAgent: true,
  app: { select: { slug: true } },
} satisfies Prisma.TokenSelect;

export type TokenRow = Prisma.TokenGetPayload<{ select: typeof tokenFields }>;

/** Tokens as their owner sees them, in the order given; what they were given is read in one query. */
export async function viewsOf(tx: Tx, who: Actor, rows: readonly TokenRow[]): Promise<TokenView[]> {
  const ids = rows.map(({ id }) => id);
  const given = await givenPermissions(tx, ids);
  return rows.map((row) => view(who, row, given.get(row.id) ?? []));
}

export async function viewOf(tx: Tx, who: Actor, row: TokenRow): Promise<TokenView> {
  const given = await givenPermissions(tx, [row.id]);
  return view(who, row, given.get(row.id) ?? []);
}

/** What these tokens were given, in words and in order. All Permissions is no list, so it is not in here. */
export async function givenPermissions(tx: Tx, tokenIds: string[]): Promise<Map<string, string[]>> {
  const granted = await tx.grantedPermission.findMany({
    where: { tokenId: { in: tokenIds } },
    select: { tokenId: true, permission: true },
  });
  const given = new Map<string, string[]>();
  for (const { tokenId, permission } of granted) {
    if (tokenId === null) continue;
    const permissions = given.get(tokenId);
    if (permissions) permissions.push(permission);
    else given.set(tokenId, [permission]);
  }
  for (const permissions of given.values()) permissions.sort();
  return given;
}

function view(who: Actor, row: TokenRow, permissions: string[]): TokenView {
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
    permissions,
    inUrl: row.inUrl,
    app: row.app,
    current: row.id === who.token.id,
    can: canOf(who, row),
  };
}
