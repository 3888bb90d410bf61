import type { Tx } from "../db";
import { conflict } from "../errors";
import { type Actor, demand } from "../permissions/actor";
import { everything } from "../permissions/effective";
import { type LockedActor, lockActor } from "../tokens/actor-check";

/** Only enabled users count. `managers` can manage users; `superusers` are those of them with all permissions. */
export interface Administrators {
  managers: number;
  superusers: number;
}

/** Begins each change of accounts and roles, and serialises them until the transaction ends. Without the lock two
 * administrators could demote each other at the same time. Answers the actor as they then are. Refuses `unauthenticated`
 * when they were disabled since the request arrived, and `forbidden` without `users:manage`. */
export async function lockManager(tx: Tx, who: Actor): Promise<LockedActor> {
  await tx.$queryRaw`SELECT name FROM roles ORDER BY name FOR NO KEY UPDATE`;
  // The change that held the lock may have demoted the actor.
  const acting = await lockActor(tx, who);
  demand(acting, "users:manage");
  return acting;
}

/** Refuses `conflict` when no user is left who can manage users, or who can make another user a superuser. `before`
 * must come from {@link countAdministrators}, called after {@link lockManager} and before the change. */
export async function demandAdministratorRemains(tx: Tx, before: Administrators): Promise<void> {
  const { managers, superusers } = await countAdministrators(tx);
  if (before.superusers > 0 && superusers === 0) {
    throw conflict("This is the last enabled superuser. Make another user a superuser first.");
  }
  if (before.managers > 0 && managers === 0) {
    throw conflict("This is the last enabled administrator. Make another user an administrator first.");
  }
}

export async function countAdministrators(tx: Tx): Promise<Administrators> {
  const [counted] = await tx.$queryRaw<[Administrators]>`
    SELECT count(DISTINCT u.id)::int AS managers,
           count(DISTINCT u.id) FILTER (WHERE h.permission = ${everything})::int AS superusers
    FROM users u JOIN held_permissions h ON h.user_id = u.id
    WHERE u.enabled AND h.permission IN (${everything}, 'users:manage')`;
  return counted;
}
