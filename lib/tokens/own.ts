import type { Change } from "../audit/record";
import type { Tx } from "../db";
import type { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";
import { isTokenId, ownedBy } from "./queries";
import { givenPermissions, type TokenRow, tokenFields } from "./view";

/** What the owner can set, as it stands: what an edit is compared with and what history tells. */
export interface Settings {
  name: string;
  description: string;
  expiresAt: Date;
  enabled: boolean;
  allPermissions: boolean;
  permissions: string[];
  inUrl: boolean;
}

/**
 * The actor's own tokens of these ids, locked until the transaction ends, so that what is decided about them still holds
 * when it is done. Always locked in order of id: two changes of the same tokens wait for each other, never both.
 *
 * @param where what must still be true of them once they are locked.
 */
export async function lockOwn(
  tx: Tx,
  who: Actor,
  ids: readonly string[],
  where: Prisma.TokenWhereInput = {},
): Promise<TokenRow[]> {
  const known = ids.filter(isTokenId);
  const locked = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM tokens WHERE owner_id = ${who.userId}::uuid AND id = ANY (${known}::uuid[]) ORDER BY id FOR UPDATE`;
  return tx.token.findMany({
    where: { AND: [ownedBy(who), { id: { in: locked.map(({ id }) => id) } }, where] },
    select: tokenFields,
    orderBy: { id: "asc" },
  });
}

/** The settings of these tokens, by id. */
export async function settingsOf(tx: Tx, rows: readonly TokenRow[]): Promise<Map<string, Settings>> {
  const ids = rows.map(({ id }) => id);
  const given = await givenPermissions(tx, ids);
  return new Map(
    rows.map(({ id, name, description, expiresAt, enabled, allPermissions, inUrl }) => [
      id,
      { name, description, expiresAt, enabled, allPermissions, permissions: given.get(id) ?? [], inUrl },
    ]),
  );
}

/** Settings as history keeps them. */
export const recorded = (settings: Settings) => ({ ...settings, expiresAt: settings.expiresAt.toISOString() });

/** A token as the subject of an event: only its owner will see it. */
export const subjectOf = (ownerId: string, token: { id: string; name: string }): Change["subject"] => ({
  type: "token",
  id: token.id,
  name: token.name,
  ownerId,
});
