import { record, serverAuthor } from "../audit/record";
import type { Tx } from "../db";
import { insertAccount, subjectOf } from "./account";
import { demandGoodPassword, hashPassword } from "./password";

interface FirstAdministrator {
  userName: string;
  fullName: string;
  /** As typed: given by the operator, or made by `makeOneTimePassword`. */
  password: string;
  /** Was the password made for them, to be replaced by one of their own? */
  mustChangePassword: boolean;
}

/**
 * Makes the account that holds everything, when there is nobody yet who could: the server acts by itself. The roles must
 * be there (`ensureRoles`). Answers the id of the account.
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
