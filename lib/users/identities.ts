import { type Author, record } from "../audit/record";
import { inTransaction, type Tx } from "../db";
import { insertAccount, subjectOf } from "./account";

/** Somebody for whom an identity provider vouches. */
export interface ProvidedIdentity {
  /** `<issuer>|<subject>`: what never changes. */
  identity: string;
  /** What the provider calls the person; the user name is made from it. */
  preferredName: string;
  fullName: string;
}

/**
 * The account of somebody for whom the identity provider vouches; made at their first sign-in, with the role `user`. An
 * existing account is never found by its name: whoever may choose a name at the provider would be that person here.
 */
export async function accountOfIdentity(
  provided: ProvidedIdentity,
  author: Pick<Author, "now" | "address" | "agent">,
): Promise<{ id: string; userName: string; enabled: boolean }> {
  return inTransaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('tessera: accounts of identities'))`;
    const known = await tx.user.findUnique({
      where: { externalIdentity: provided.identity },
      select: { id: true, userName: true, enabled: true },
    });
    if (known) return known;

    const fullName = [...provided.fullName.replace(/[\p{Cc}\p{Cs}]/gu, "")].slice(0, 100).join("");
    const account = await insertAccount(tx, {
      userName: await freeUserName(tx, provided.preferredName),
      fullName,
      externalIdentity: provided.identity,
      createdAt: author.now,
      roles: { create: [{ roleName: "user" }] },
    });
    const itself = { ...author, userId: account.id, userName: account.userName, token: null };
    const after = { fullName, roles: ["user"], identity: provided.identity };
    await record(tx, itself, { action: "user.create", subject: subjectOf(account), after });
    return account;
  });
}

/** The name made fit for a user name, with a number behind it when somebody has it already. */
async function freeUserName(tx: Tx, preferred: string): Promise<string> {
  const letters = preferred
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9._@-]/g, "");
  const stem = letters.replace(/^[._@-]+/, "").slice(0, 56) || "user";
  const taken = await tx.user.findMany({ where: { userName: { startsWith: stem } }, select: { userName: true } });
  const names = new Set(taken.map(({ userName }) => userName));
  let name = stem;
  for (let number = 2; names.has(name); number++) name = `${stem}-${number}`;
  return name;
}
