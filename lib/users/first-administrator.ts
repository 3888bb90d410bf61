import { record, serverAuthor } from "../audit/record";
import type { Tx } from "../db";
import { insertAccount, subjectOf } from "./account";
import { demandGoodPassword, hashPassword } from "./password";

interface FirstAdministrator {
  userName: string;
  fullName: string;
  password: string;
  mustChangePassword: boolean;
}

/** Creates a superuser with the server as the author, and returns its id. The built-in roles must exist
 * (`ensureRoles`). Refuses `invalid` on `password`; `conflict` on `userName`. */
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
