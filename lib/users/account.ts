import type { AuditEntry } from "../audit/record";
import { isUniqueViolation, type Tx } from "../db";
import { conflict, notFound, Refusal } from "../errors";
import type { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";
import type { HeldRole } from "../roles/roles";
import { normalizeUserName } from "../text";
import { canOf, mayChangeAccount } from "./policy";
import type { UserView } from "./schema";

/** They never include the hash of the password. */
export const accountFields = {
  id: true,
  userName: true,
  fullName: true,
  enabled: true,
  mustChangePassword: true,
  /** Null for an account without a password. */
  passwordChangedAt: true,
  externalIdentity: true,
  createdAt: true,
  roles: { select: { roleName: true }, orderBy: { roleName: "asc" } },
} as const satisfies Prisma.UserSelect;

export type Account = Prisma.UserGetPayload<{ select: typeof accountFields }>;

/** Refuses `not-found`. Case does not matter. */
export async function findAccount(tx: Tx, userName: string): Promise<Account> {
  const account = await tx.user.findUnique({ where: { userName: normalizeUserName(userName) }, select: accountFields });
  if (!account) throw notFound();
  return account;
}

/** Refuses `conflict` on `userName` when it is taken. */
export async function insertAccount(tx: Tx, data: Prisma.UserCreateInput): Promise<Account> {
  try {
    return await tx.user.create({ data, select: accountFields });
  } catch (error) {
    if (isUniqueViolation(error)) throw conflict(`The username ${data.userName} is already taken.`, "userName");
    throw error;
  }
}

export function accountView(who: Actor, account: Account, roles: readonly HeldRole[]): UserView {
  return {
    userName: account.userName,
    fullName: account.fullName,
    enabled: account.enabled,
    roles: rolesOf(account),
    signsInWith: signInWays(account),
    mustChangePassword: account.mustChangePassword,
    createdAt: account.createdAt.toISOString(),
    can: canOf(who, account, heldRolesOf(account, roles)),
  };
}

/** Refuses `forbidden` for an account with all permissions when the actor does not have them. */
export function demandChangeable(who: Actor, account: Account, roles: readonly HeldRole[]): void {
  if (mayChangeAccount(who, heldRolesOf(account, roles))) return;
  const detail = `${account.userName} has all permissions. Only users with all permissions can make changes to them.`;
  throw new Refusal("forbidden", detail);
}

export const signInWays = ({ passwordChangedAt, externalIdentity }: SignInFields): UserView["signsInWith"] => [
  ...(passwordChangedAt === null ? [] : (["password"] as const)),
  ...(externalIdentity === null ? [] : (["provider"] as const)),
];

type SignInFields = Pick<Account, "passwordChangedAt" | "externalIdentity">;

/** The names are sorted. */
export const rolesOf = (account: Account): string[] => account.roles.map(({ roleName }) => roleName);

const heldRolesOf = (account: Account, roles: readonly HeldRole[]): HeldRole[] =>
  roles.filter(({ name }) => rolesOf(account).includes(name));

export const subjectOf = ({ id, userName }: Account) => ({ type: "user", id, name: userName });

/** The event of an account that is no longer connected with this identity at the provider; none for null. */
export const disconnectionOf = (subject: AuditEntry["subject"], identity: string | null): AuditEntry[] =>
  identity === null ? [] : [{ action: "user.disconnect-identity", subject, before: { identity } }];
