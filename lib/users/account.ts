import { isUniqueViolation, type Tx } from "../db";
import { conflict, notFound, Refusal } from "../errors";
import type { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";
import type { HeldRole } from "../roles/roles";
import { canOf, mayChangeAccount } from "./policy";
import type { UserView } from "./schema";

/** What is read of an account, and nothing else: never the hash of its password. */
export const accountFields = {
  id: true,
  userName: true,
  fullName: true,
  enabled: true,
  mustChangePassword: true,
  /** Null for whoever has no password. */
  passwordChangedAt: true,
  externalIdentity: true,
  createdAt: true,
  roles: { select: { roleName: true }, orderBy: { roleName: "asc" } },
} as const satisfies Prisma.UserSelect;

export type Account = Prisma.UserGetPayload<{ select: typeof accountFields }>;

/** The account of that user name. @throws Refusal `not-found`. */
export async function findAccount(tx: Tx, userName: string): Promise<Account> {
  const account = await tx.user.findUnique({ where: { userName: userName.toLowerCase() }, select: accountFields });
  if (!account) throw notFound();
  return account;
}

/** Adds an account. @throws Refusal `conflict` on `userName` when somebody has it. */
export async function insertAccount(tx: Tx, data: Prisma.UserCreateInput): Promise<Account> {
  try {
    return await tx.user.create({ data, select: accountFields });
  } catch (error) {
    if (isUniqueViolation(error)) throw conflict(`There is an account ${data.userName} already.`, "userName");
    throw error;
  }
}

/** An account as this administrator sees it. */
export function accountView(who: Actor, account: Account, roles: readonly HeldRole[]): UserView {
  return {
    userName: account.userName,
    fullName: account.fullName,
    enabled: account.enabled,
    roles: rolesOf(account),
    signsInWith: signInWays(account),
    mustChangePassword: account.mustChangePassword,
    createdAt: account.createdAt.toISOString(),
    can: canOf(who, account, heldBy(account, roles)),
  };
}

/** @throws Refusal `forbidden` for an account that holds everything, when the actor does not. */
export function demandChangeable(who: Actor, account: Account, roles: readonly HeldRole[]): void {
  if (mayChangeAccount(who, heldBy(account, roles))) return;
  const detail = `The account ${account.userName} holds everything; only somebody who does, too, can change it.`;
  throw new Refusal("forbidden", detail);
}

/** How its owner can sign in. */
export const signInWays = ({ passwordChangedAt, externalIdentity }: SignInFields): UserView["signsInWith"] => [
  ...(passwordChangedAt === null ? [] : (["password"] as const)),
  ...(externalIdentity === null ? [] : (["provider"] as const)),
];

type SignInFields = Pick<Account, "passwordChangedAt" | "externalIdentity">;

/** The names of its roles, in order. */
export const rolesOf = (account: Account): string[] => account.roles.map(({ roleName }) => roleName);

/** Its roles with what they hold. */
export const heldBy = (account: Account, roles: readonly HeldRole[]): HeldRole[] =>
  roles.filter(({ name }) => rolesOf(account).includes(name));

/** An account as the audit log names it. */
export const subjectOf = ({ id, userName }: Account) => ({ type: "user", id, name: userName });
