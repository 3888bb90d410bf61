import { days, later } from "@/lib/clock";
import { db } from "@/lib/db";
import type { Permission, RepositoryAction } from "@/lib/permissions/catalog";
import { actorOf, type PersonName, signIn } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";

/**
 * Who may come to the door. The owner is Ada, everywhere; the token of the column `owner` was given, one by one, all that
 * she holds.
 */
export const callers = [
  "nobody",
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

/** The workspace that Ada's restricted token may run, and nothing else. */
export const restrictedTo: Permission = "workspace/Rivers/gauge-levels:run";

/** A new credential of that kind, as the headers it is sent in. */
export async function headersOf(caller: Caller, now: Date): Promise<Record<string, string>> {
  switch (caller) {
    case "nobody":
      return {};
    case "owner":
      return bearer("ada", now, { permissions: await heldByAda() });
    case "otherUser":
      return bearer("olu", now, { allPermissions: true });
    case "administrator":
      return bearer("mia", now, { allPermissions: true });
    case "restrictedToken":
      return bearer("ada", now, { permissions: [restrictedTo] });
    case "allPermissionsToken":
      return bearer("ada", now, { allPermissions: true });
    case "disabled":
      return bearer("ada", now, { allPermissions: true }, { enabled: false });
    case "expired":
      return bearer("ada", now, { allPermissions: true }, { expiresAt: later(now, -1) });
    case "session": {
      const { value } = await signIn("ada", now);
      return { cookie: `tessera-session=${value.reveal()}`, origin: "http://localhost:3000" };
    }
  }
}

async function bearer(
  person: PersonName,
  now: Date,
  given: { permissions?: string[]; allPermissions?: true },
  since: { enabled?: false; expiresAt?: Date } = {},
): Promise<Record<string, string>> {
  const who = await actorOf(person, now);
  const { token, value } = await makeToken(who, { ...given, expiresAt: later(now, days(1)).toISOString() });
  await db.token.update({ where: { id: token.id }, data: since });
  return { authorization: `Bearer ${value}` };
}

/** All that Ada holds, ownership of her repositories and apps spelt out. */
async function heldByAda(): Promise<string[]> {
  const actions: RepositoryAction[] = ["read", "download", "run", "publish", "remove"];
  const own = await db.repository.findMany({ where: { owner: { userName: "ada" } }, select: { name: true } });
  const apps = await db.app.findMany({ where: { owner: { userName: "ada" } }, select: { slug: true } });
  return [
    "tokens:manage",
    "repositories:create",
    "apps:create",
    "jobs:access",
    ...own.flatMap(({ name }) => actions.map((action) => `repository/${name}:${action}`)),
    ...apps.map(({ slug }) => `app/${slug}:manage`),
  ];
}
