import type { Tx } from "../db";
import { conflict } from "../errors";
import { everything } from "../permissions/effective";

/** The numbers of enabled accounts that can manage accounts, and of those among them that have all permissions. */
export interface Administrators {
  managers: number;
  superusers: number;
}

/**
 * Serialises changes of who administers the server until the transaction ends, and counts the present administrators. Without
 * the lock two administrators could demote each other at the same time.
 */
export async function lockAdministrators(tx: Tx): Promise<Administrators> {
  await tx.$queryRaw`SELECT name FROM roles ORDER BY name FOR NO KEY UPDATE`;
  return countAdministrators(tx);
}

/**
 * Refuses a change after which no user could manage accounts or no user could make another user a superuser.
 *
 * @param before the counts from {@link lockAdministrators} in the same transaction.
 * @throws Refusal `conflict`.
 */
export async function demandAdministratorRemains(tx: Tx, before: Administrators): Promise<void> {
  const { managers, superusers } = await countAdministrators(tx);
  if (before.superusers > 0 && superusers === 0) {
    throw conflict("This is the last enabled superuser. Make another user a superuser first.");
  }
  if (before.managers > 0 && managers === 0) {
    throw conflict("This is the last enabled administrator. Make another user an administrator first.");
  }
}

async function countAdministrators(tx: Tx): Promise<Administrators> {
  const [counted] = await tx.$queryRaw<[Administrators]>`
    SELECT count(DISTINCT u.id)::int AS managers,
           count(DISTINCT u.id) FILTER (WHERE h.permission = ${everything})::int AS superusers
    FROM users u JOIN held_permissions h ON h.user_id = u.id
    WHERE u.enabled AND h.permission IN (${everything}, 'users:manage')`;
  return counted;
}
