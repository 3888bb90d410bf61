import { days, later } from "../clock";
import type { Tx } from "../db";
import { env } from "../env";
import { invalid, Refusal } from "../errors";
import type { Actor } from "../permissions/actor";
import { addGrants } from "../permissions/grants";
import { mayGrant, mayGrantAllPermissions } from "./policy";

/** @throws Refusal `forbidden` on `permissions` that names the first one that the actor cannot grant. */
export function demandGrantable(who: Actor, permissions: Iterable<string>): void {
  for (const permission of permissions) {
    if (!mayGrant(who, permission)) {
      const detail = `You can't grant the permission ${permission}, because you don't have it yourself.`;
      throw new Refusal("forbidden", detail, { field: "permissions", extra: { permission } });
    }
  }
}

/** @throws Refusal `forbidden` on `allPermissions` unless the actor's token has All Permissions. */
export function demandAllPermissionsGrantable(who: Actor): void {
  if (!mayGrantAllPermissions(who)) {
    const detail = "You need All Permissions to grant them.";
    throw new Refusal("forbidden", detail, { field: "allPermissions" });
  }
}

/** Every token expires (design 3.2). @throws Refusal `invalid` on `expiresAt` in the past or beyond the configured maximum. */
export function demandLifetime(expiresAt: Date, now: Date): void {
  const daysMax = env().tokenLifetimeDaysMax;
  if (expiresAt <= now) throw invalid("expiresAt", "The expiration is in the past. Choose a later one.");
  if (expiresAt > later(now, days(daysMax))) {
    throw invalid("expiresAt", `Tokens can be valid for at most ${daysMax} days. Choose an earlier expiration.`);
  }
}

/** Replaces the permissions of a token. @throws Refusal `invalid` on `permissions` for an item that does not exist. */
export async function replaceGrants(tx: Tx, tokenId: string, permissions: Iterable<string>): Promise<void> {
  await tx.grant.deleteMany({ where: { tokenId } });
  await addGrants(tx, { tokenId }, permissions);
}
