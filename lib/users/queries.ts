import { z } from "zod";
import { db } from "../db";
import type { Prisma } from "../generated/prisma/client";
import { decodeCursor, encodeCursor, type Page, pageOf } from "../paging";
import { type Actor, demand } from "../permissions/actor";
import { rolesWithPermissions } from "../roles/roles";
import { containsText } from "../search";
import { accountFields, accountView, findAccount } from "./account";
import type { UserFilter, UserView } from "./schema";

const cursorShape = z.tuple([z.string().max(64)]);

/** The accounts in order of user name. Refuses `forbidden`; `invalid` on `cursor`. */
export async function listUsers(who: Actor, { limit, cursor, q, state, role }: UserFilter): Promise<Page<UserView>> {
  demand(who, "users:manage");
  const after = cursor === undefined ? undefined : decodeCursor(cursor, cursorShape)[0];
  const roles = await rolesWithPermissions(db);
  const accounts = await db.user.findMany({
    where: {
      sortName: { gt: after },
      enabled: state && state === "enabled",
      roles: role === undefined ? undefined : { some: { roleName: role } },
      ...(q && whereMatching(q)),
    },
    orderBy: { sortName: "asc" },
    take: limit + 1,
    select: accountFields,
  });
  return pageOf(
    accounts,
    limit,
    ({ userName }) => encodeCursor([userName]),
    (account) => accountView(who, account, roles),
  );
}

/** Refuses `forbidden`; `not-found`. */
export async function getUser(who: Actor, userName: string): Promise<UserView> {
  demand(who, "users:manage");
  return accountView(who, await findAccount(db, userName), await rolesWithPermissions(db));
}

function whereMatching(text: string): Prisma.UserWhereInput {
  const part = containsText(text);
  return { OR: [{ userName: part }, { fullName: part }] };
}
