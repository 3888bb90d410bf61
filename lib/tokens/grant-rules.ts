import { days, later } from "../clock";
import { env } from "../env";
import { invalid, Refusal } from "../errors";
import { type Actor, demand } from "../permissions/actor";
import type { Permission } from "../permissions/catalog";
import { everything, holds } from "../permissions/effective";
import type { GivingActor } from "./actor-check";
import type { Settings } from "./audit";
import { expirationBeyond, givenBeyond, mayGrant, mayGrantAllPermissions, refusals } from "./policy";

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

/** Refuses a change of a token that gives more than the actor may give (design 3.2): `forbidden`, on `permissions`,
 * `allPermissions` or `expiresAt` where one of them is the reason; and like `findGiver`, which is asked for the actor if
 * the change gives anything. Answers that actor, or null. */
export async function demandMayGive(
  findGiver: () => Promise<GivingActor>,
  before: Settings,
  after: Settings,
): Promise<GivingActor | null> {
  // The token may keep what it was given, even what its owner has lost since.
  const added = after.permissions.filter((permission) => !before.permissions.includes(permission));
  const addsAll = after.allPermissions && !before.allPermissions;
  const prolongs = after.expiresAt > before.expiresAt;
  const revives = prolongs || (after.enabled && !before.enabled) || (after.inUrl && !before.inUrl);
  if (!revives && !addsAll && added.length === 0) return null;
  const giver = await findGiver();
  demand(giver, "tokens:manage");
  if (addsAll) demandAllPermissionsGrantable(giver);
  demandGrantable(giver, added);
  if (revives) demandGiven(giver, after);
  if (prolongs || addsAll || gains(before, added)) demandNotOutliving(giver, after.expiresAt);
  return giver;
}

const gains = ({ allPermissions, permissions }: Settings, added: readonly string[]): boolean =>
  !allPermissions && added.some((permission) => !holds(new Set(permissions), permission as Permission));

/** Refuses `forbidden`, with the first missing permission, unless the actor's token was given all that another was. */
export function demandGiven(who: Actor, token: Pick<Settings, "allPermissions" | "permissions">): void {
  const permission = givenBeyond(who, token);
  if (permission === null) return;
  const extra = permission === everything ? {} : { permission };
  throw new Refusal("forbidden", refusals.givenMore(permission), { extra });
}

/** Refuses `forbidden` on `expiresAt`, with the latest one, when an API token would give a later one than its own. */
export function demandNotOutliving(who: GivingActor, expiresAt: Date): void {
  const latest = expirationBeyond(who, expiresAt);
  if (latest === null) return;
  const extra = { latest: latest.toISOString() };
  throw new Refusal("forbidden", refusals.outlives(latest), { field: "expiresAt", extra });
}
