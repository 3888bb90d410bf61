import { record, serverAuthor } from "../audit/record";
import type { Tx } from "../db";
import { insertAccount, subjectOf } from "./account";
import { demandGoodPassword, hashPassword } from "./password";

interface FirstAdministrator {
  userName: string;
  fullName: string;
  /** The password that the operator set, or one from `makeOneTimePassword`. */
  password: string;
  /** Whether the password was generated and must be replaced at the first sign-in. */
  mustChangePassword: boolean;
}

/**
 * Creates the first account, a superuser, with the server as the author. The built-in roles must exist (`ensureRoles`).
 * Answers the id of the account.
 *
 * @throws Refusal `invalid` on `password`; `conflict` on `userName`.
 */
export async function createFirstAdministrator(tx: Tx, person: FirstAdministrator, now: Date): Promise<string> {
  const { password, userName, fullName, mustChangePassword } = person;
  demandGoodPassword(password, [userName, fullName]);
  const account = await insertAccount(tx, {
    userName,
    fullName,
    passwordHash: await hashPassword(password),
    passwordChangedAt: now,
    mustChangePassword,
    createdAt: now,
    roles: { create: [{ roleName: "superuser" }] },
  });
  const after = { fullName, roles: ["superuser"] };
  await record(tx, serverAuthor(now), { action: "user.create", subject: subjectOf(account), after });
  return account.id;
}
