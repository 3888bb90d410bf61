import { type Author, record } from "../audit/record";
import { inTransaction, type Tx } from "../db";
import { insertAccount, subjectOf } from "./account";

export interface ProvidedIdentity {
  /** `<issuer>|<subject>`, which never changes. */
  identity: string;
  /** From the best to the worst. The first with a letter or digit that a user name may have is used. */
  userNames: string[];
  fullName: string | null;
}

/** Finds the account of an authenticated person, or creates it with the role `user`. It never matches by name, since
 * anybody who can choose their name at the provider could then take over that account. */
export async function findOrCreateAccount(
  provided: ProvidedIdentity,
  author: Pick<Author, "now" | "ip" | "agent">,
): Promise<{ id: string; userName: string; enabled: boolean }> {
  return inTransaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('tessera: accounts of identities'))`;
    const known = await tx.user.findUnique({
      where: { externalIdentity: provided.identity },
      select: { id: true, userName: true, enabled: true },
    });
    if (known) return known;

    const userName = await freeUserName(tx, provided.userNames);
    const fullName = provided.fullName ?? userName;
    const account = await insertAccount(tx, {
      userName,
      fullName,
      externalIdentity: provided.identity,
      createdAt: author.now,
      roles: { create: [{ roleName: "user" }] },
    });
    const newUser = { ...author, userId: account.id, userName: account.userName, token: null };
    const after = { fullName, roles: ["user"], identity: provided.identity };
    await record(tx, newUser, { action: "user.create", subject: subjectOf(account), after });
    return account;
  });
}

async function freeUserName(tx: Tx, wishes: string[]): Promise<string> {
  const stem = wishes.map(stemOf).find((each) => each !== "") ?? "user";
  const accounts = await tx.user.findMany({ where: { userName: { startsWith: stem } }, select: { userName: true } });
  const names = new Set(accounts.map(({ userName }) => userName));
  let name = stem;
  for (let number = 2; names.has(name); number++) name = `${stem}-${number}`;
  return name;
}

const stemOf = (wish: string): string =>
  wish
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\s+/g, ".")
    .replace(/[^a-z0-9._@-]/g, "")
    .replace(/^[._@-]+/, "")
    .slice(0, 56);
