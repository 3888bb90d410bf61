import { db } from "../db";
import { notFound } from "../errors";
import type { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";
import { effectivePermissions } from "../permissions/effective";
import { signInWays } from "../users/account";
import { demandPerson } from "./policy";
import type { AccountView } from "./schema";

const ownFields = {
  userName: true,
  fullName: true,
  externalIdentity: true,
  passwordChangedAt: true,
  createdAt: true,
  roles: { select: { role: { select: { name: true, title: true } } }, orderBy: { roleName: "asc" } },
} satisfies Prisma.UserSelect;

/** Refuses `forbidden` for an API token, which can read GET /token instead. */
export async function getAccount(who: Actor): Promise<AccountView> {
  demandPerson(who);
  const account = await db.user.findUnique({ where: { id: who.userId }, select: ownFields });
  if (!account) throw notFound();
  return {
    userName: account.userName,
    fullName: account.fullName,
    roles: account.roles.map(({ role }) => role),
    signsInWith: signInWays(account),
    createdAt: account.createdAt.toISOString(),
    passwordChangedAt: account.passwordChangedAt?.toISOString() ?? null,
    permissions: effectivePermissions(who),
  };
}
