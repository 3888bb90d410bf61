import { type AuditEntry, record } from "../audit/record";
import { inTransaction, type Tx } from "../db";
import { invalid, notFound } from "../errors";
import type { Actor } from "../permissions/actor";
import { addGrants } from "../permissions/grants";
import { normalizeUserName } from "../text";
import { lockActor } from "../tokens/actor-check";
import { granteeLabel, granteeOf } from "./grantees";
import { demandOwner, itemToShare, type OwnedItem, type Shareable } from "./items";
import { grantsOn } from "./queries";
import type { Grantee, GrantView, SharedPermissions } from "./schema";

/** Refuses `not-found` for the item or the grantee; `forbidden` when the actor does not own the item; `invalid` on
 * `permissions` for one that is not on it. */
export async function share(
  who: Actor,
  item: Shareable,
  grantee: Grantee,
  { permissions }: SharedPermissions,
): Promise<GrantView> {
  const owned = await itemToShare(who, item);
  for (const permission of permissions) {
    if (!owned.has(permission)) throw invalid("permissions", `${permission} is not a permission on this item.`);
  }
  return inTransaction(async (tx) => {
    await lockOwned(tx, who, item, owned);
    await replaceGrants(tx, who, owned, grantee, [...new Set(permissions)].sort());
    const shared = await grantTo(tx, owned, grantee);
    if (!shared) throw notFound();
    return shared;
  });
}

/** Revokes all permissions of the grantee. Refuses `not-found`, also when there are none; `forbidden`. */
export async function unshare(who: Actor, item: Shareable, grantee: Grantee): Promise<void> {
  const owned = await itemToShare(who, item);
  await inTransaction(async (tx) => {
    await lockOwned(tx, who, item, owned);
    if (!(await grantTo(tx, owned, grantee))) throw notFound();
    await replaceGrants(tx, who, owned, grantee, []);
  });
}

/** Locks the item and the actor, who may have lost it or their token since the request arrived. */
async function lockOwned(tx: Tx, who: Actor, item: Shareable, owned: OwnedItem): Promise<void> {
  await owned.lock(tx);
  demandOwner(await lockActor(tx, who), item);
}

async function replaceGrants(tx: Tx, who: Actor, owned: OwnedItem, grantee: Grantee, after: string[]): Promise<void> {
  const holder = await granteeOf(tx, grantee);
  const before = (await grantTo(tx, owned, grantee))?.permissions ?? [];
  if (before.join() === after.join()) return;
  await tx.grant.deleteMany({ where: { AND: [owned.grants, holder] } });
  await addGrants(tx, holder, after);
  const entry: AuditEntry = {
    action: `${owned.subject.type}.share`,
    subject: owned.subject,
    before: { with: granteeLabel(grantee), permissions: before },
    after: { with: granteeLabel(grantee), permissions: after },
  };
  await record(tx, who, entry);
}

async function grantTo(tx: Tx, owned: OwnedItem, { kind, name }: Grantee): Promise<GrantView | undefined> {
  const exactName = kind === "users" ? normalizeUserName(name) : name;
  return (await grantsOn(tx, owned)).find((grant) => grant.kind === kind && grant.name === exactName);
}
