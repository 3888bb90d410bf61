import { type AuditEntry, record } from "../audit/record";
import { inTransaction, type Tx } from "../db";
import { invalid, notFound } from "../errors";
import type { Actor } from "../permissions/actor";
import { addGrants } from "../permissions/grants";
import { granteeLabel, granteeOf } from "./grantees";
import { itemToShare, type OwnedItem, type Shareable } from "./items";
import { grantsOn } from "./queries";
import type { Grantee, GrantView, SharedPermissions } from "./schema";

/**
 * Grants a user or a role these permissions on an item of the actor's, and only these.
 *
 * @throws Refusal `not-found`, also when there is no such user or role; `forbidden` for whoever does not own the item;
 *   `invalid` on `permissions` for one that is not on it.
 */
export async function share(
  who: Actor,
  item: Shareable,
  partner: Grantee,
  { permissions }: SharedPermissions,
): Promise<GrantView> {
  const owned = await itemToShare(who, item);
  for (const permission of permissions) {
    if (!owned.has(permission))
      throw invalid("permissions", `${permission} is not a permission on what is shared here.`);
  }
  return inTransaction(async (tx) => {
    await replace(tx, who, owned, partner, [...new Set(permissions)].sort());
    const shared = await grantTo(tx, owned, partner);
    if (!shared) throw notFound();
    return shared;
  });
}

/** Takes back all that was granted to a user or a role. @throws Refusal `not-found`, also when nothing was; `forbidden`. */
export async function unshare(who: Actor, item: Shareable, partner: Grantee): Promise<void> {
  const owned = await itemToShare(who, item);
  await inTransaction(async (tx) => {
    if (!(await grantTo(tx, owned, partner))) throw notFound();
    await replace(tx, who, owned, partner, []);
  });
}

async function replace(tx: Tx, who: Actor, owned: OwnedItem, partner: Grantee, after: string[]): Promise<void> {
  await owned.lock(tx);
  const hand = await granteeOf(tx, partner);
  const before = (await grantTo(tx, owned, partner))?.permissions ?? [];
  if (before.join() === after.join()) return;
  await tx.grant.deleteMany({ where: { AND: [owned.grants, hand] } });
  await addGrants(tx, hand, after);
  const change: AuditEntry = {
    action: `${owned.subject.type}.share`,
    subject: owned.subject,
    before: { with: granteeLabel(partner), permissions: before },
    after: { with: granteeLabel(partner), permissions: after },
  };
  await record(tx, who, change);
}

async function grantTo(tx: Tx, owned: OwnedItem, { kind, name }: Grantee): Promise<GrantView | undefined> {
  const wanted = kind === "users" ? name.toLowerCase() : name;
  return (await grantsOn(tx, owned)).find((grant) => grant.kind === kind && grant.name === wanted);
}
