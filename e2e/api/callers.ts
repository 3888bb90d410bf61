import { days, later } from "@/lib/clock";
import { db } from "@/lib/db";
import type { Permission, RepositoryAction } from "@/lib/permissions/catalog";
import { actorOf, type PersonName, signIn } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";

/**
 * The kinds of callers. `owner` is Ada, with a token that has each of her permissions individually.
 */
export const callers = [
  "anonymous",
  "owner",
  "otherUser",
  "administrator",
  "restrictedToken",
  "allPermissionsToken",
  "disabled",
  "expired",
  "session",
] as const;
export type Caller = (typeof callers)[number];

/** The only permission of Ada's restricted token. */
export const restrictedTo: Permission = "workspace/Rivers/gauge-levels:run";

/** Creates a credential of this kind. Returns the headers that present it. */
export async function headersOf(caller: Caller, now: Date): Promise<Record<string, string>> {
  switch (caller) {
    case "anonymous":
      return {};
    case "owner":
      return createBearer("ada", now, { permissions: await permissionsOfAda() });
    case "otherUser":
      return createBearer("olu", now, { allPermissions: true });
    case "administrator":
      return createBearer("mia", now, { allPermissions: true });
    case "restrictedToken":
      return createBearer("ada", now, { permissions: [restrictedTo] });
    case "allPermissionsToken":
      return createBearer("ada", now, { allPermissions: true });
    case "disabled":
      return createBearer("ada", now, { allPermissions: true }, { enabled: false });
    case "expired":
      return createBearer("ada", now, { allPermissions: true }, { expiresAt: later(now, -1) });
    case "session":
      return createSession("ada", now);
  }
}

/** Signs a person in. Returns the headers of a request from a page. */
export async function createSession(person: PersonName, now: Date): Promise<Record<string, string>> {
  const { value } = await signIn(person, now);
  return { cookie: `tessera-session=${value.reveal()}`, origin: "http://localhost:3000" };
}

/** Creates a token of a person that is valid for a day. Returns the header that presents it. */
export async function createBearer(
  person: PersonName,
  now: Date,
  settings: { permissions?: string[]; allPermissions?: true },
  changes: { enabled?: false; expiresAt?: Date } = {},
): Promise<Record<string, string>> {
  const who = await actorOf(person, now);
  const { token, value } = await makeToken(who, { ...settings, expiresAt: later(now, days(1)).toISOString() });
  await db.token.update({ where: { id: token.id }, data: changes });
  return { authorization: `Bearer ${value}` };
}

/** All permissions of Ada, including those that she has as the owner of repositories and apps. */
export async function permissionsOfAda(): Promise<string[]> {
  const actions: RepositoryAction[] = ["read", "download", "run", "publish", "remove"];
  const repositories = await db.repository.findMany({ where: { owner: { userName: "ada" } }, select: { name: true } });
  const apps = await db.app.findMany({ where: { owner: { userName: "ada" } }, select: { slug: true } });
  return [
    "tokens:manage",
    "repositories:create",
    "apps:create",
    "jobs:access",
    ...repositories.flatMap(({ name }) => actions.map((action) => `repository/${name}:${action}`)),
    ...apps.map(({ slug }) => `app/${slug}:manage`),
  ];
}
