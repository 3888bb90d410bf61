import { days, later } from "../clock";
import type { Tx } from "../db";
import { env } from "../env";
import { invalid, Refusal } from "../errors";
import type { Actor } from "../permissions/actor";
import { addGrants } from "../permissions/grants";
import { mayGrant, mayGrantAllPermissions } from "./policy";

/** @throws Refusal `forbidden` on `permissions` that names the first one that the actor does not hold. */
export function demandGrantable(who: Actor, permissions: Iterable<string>): void {
  for (const permission of permissions) {
    if (!mayGrant(who, permission)) {
      const detail = `You cannot give the permission ${permission}: it is not yours to give.`;
      throw new Refusal("forbidden", detail, { field: "permissions", extra: { permission } });
    }
  }
}

/** @throws Refusal `forbidden` on `allPermissions` for a token that was not given them itself. */
export function demandAllPermissionsGrantable(who: Actor): void {
  if (!mayGrantAllPermissions(who)) {
    const detail = "A token without All Permissions cannot give them.";
    throw new Refusal("forbidden", detail, { field: "allPermissions" });
  }
}

/** A token never lives for ever (design 3.2). @throws Refusal `invalid` on `expiresAt` outside now to the configured maximum. */
export function demandLifetime(expiresAt: Date, now: Date): void {
  const most = env().tokenLifetimeDaysMax;
  if (expiresAt <= now) throw invalid("expiresAt", "The expiration lies in the past; choose a later one.");
  if (expiresAt > later(now, days(most))) {
    throw invalid("expiresAt", `A token may live for at most ${most} days; choose an earlier expiration.`);
  }
}

/** Gives a token these permissions, and only these. @throws Refusal `invalid` on `permissions` for an item that is not there. */
export async function replaceGrants(tx: Tx, tokenId: string, permissions: Iterable<string>): Promise<void> {
  await tx.grant.deleteMany({ where: { tokenId } });
  await addGrants(tx, { tokenId }, permissions);
}
