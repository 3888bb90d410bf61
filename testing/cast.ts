import { later, minutes } from "@/lib/clock";
import { db, inTransaction, type Tx } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { grantRows } from "@/lib/permissions/grants";
import { ensureRoles } from "@/lib/roles/roles";
import type { Secret } from "@/lib/secret";
import { hashPassword } from "@/lib/users/password";
import { verify } from "@/lib/verification/verify";
import { parseWorkspaceFile } from "@/lib/workspaces/file";
import { publishSamples } from "@/lib/workspaces/samples";
import { startSessionOf } from "./sessions";

/** The users who act in the tests. */
export const people = {
  /** Has all permissions and owns the samples. */
  root: { userName: "root", fullName: "Root Baker", roles: ["superuser"] },
  /** Manages accounts, and owns nothing. */
  mia: { userName: "mia", fullName: "Mia Moreau", roles: ["admin"] },
  /** Owns the repository Rivers and shares one workspace of it. */
  ada: { userName: "ada", fullName: "Ada Okafor", roles: ["author"] },
  /** Runs the samples and the workspace that Ada shares. */
  olu: { userName: "olu", fullName: "Olu Haugen", roles: ["user"] },
  /** Has an account, and no access to what the others own. */
  eve: { userName: "eve", fullName: "Eve Lindqvist", roles: ["user"] },
} as const;
export type PersonName = keyof typeof people;

/** The password of all of them. */
export const castPassword = "a quiet harbour at noon";

const samplePermissions = ["repository/Samples:read", "repository/Samples:run", "repository/Samples:download"];

/** A workspace that needs no data file. */
const gaugeLevels = `/*---
title: Gauge levels
description: Readings of a river gauge above a level.
output: json
parameters:
  - { name: LEVEL, type: integer, label: Level in cm, default: 100, min: 0, max: 1000 }
---*/
SELECT * FROM (VALUES ('Mon', 90), ('Tue', 140), ('Wed', 210)) AS gauge(day, level)
WHERE level >= $LEVEL ORDER BY day
`;

/** Writes the cast, the samples and Ada's repository Rivers to a migrated, empty database. Returns the users' ids. */
export async function introduceCast(now: Date): Promise<Record<PersonName, string>> {
  const passwordHash = await hashPassword(castPassword);
  return inTransaction(async (tx) => {
    await ensureRoles(tx);
    const ids = {} as Record<PersonName, string>;
    for (const [name, { userName, fullName, roles }] of Object.entries(people)) {
      const account = await tx.user.create({
        data: {
          userName,
          fullName,
          passwordHash,
          passwordChangedAt: now,
          createdAt: now,
          roles: { create: roles.map((roleName) => ({ roleName })) },
        },
        select: { id: true },
      });
      ids[name as PersonName] = account.id;
    }
    await publishSamples(tx, ids.root);
    for (const roleName of ["user", "author"]) await grant(tx, { roleName }, samplePermissions);
    await publishRivers(tx, ids.ada);
    await grant(tx, { userId: ids.olu }, ["workspace/Rivers/gauge-levels:read", "workspace/Rivers/gauge-levels:run"]);
    return ids;
  });
}

async function grant(tx: Tx, holder: { roleName: string } | { userId: string }, permissions: string[]) {
  const grants = await grantRows(tx, permissions);
  await tx.grant.createMany({ data: grants.map((grant) => ({ ...grant, ...holder })) });
}

async function publishRivers(tx: Tx, ownerId: string): Promise<void> {
  const header = parseWorkspaceFile(gaugeLevels);
  const rivers = await tx.repository.create({
    data: { name: "Rivers", description: "Gauges of Ada's rivers.", ownerId },
    select: { id: true },
  });
  for (const name of ["gauge-levels", "flood-warnings"]) {
    await tx.workspace.create({ data: { ...header, name, source: gaugeLevels, repositoryId: rivers.id, ownerId } });
  }
}

/** Signs a user in by writing the session. Returns its id and its value, which the cookie holds. */
export async function signIn(name: PersonName, now: Date): Promise<{ id: string; value: Secret }> {
  const { id: userId } = await db.user.findUniqueOrThrow({ where: { userName: name }, select: { id: true } });
  const from = { userId, ip: "192.0.2.7", agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", now };
  return startSessionOf(from);
}

/** The actor of a request of a user, who is signed in for it. */
export async function actorOf(name: PersonName, now: Date): Promise<Actor> {
  const { value } = await signIn(name, now);
  return verify(value.reveal(), { now, ip: "192.0.2.7", agent: null });
}

/** Lets time pass for one token, by moving all its times back. To every rule this looks as if the clock had moved on. */
export async function letTimePass(tokenId: string, passedMinutes: number): Promise<void> {
  const token = await db.token.findUniqueOrThrow({ where: { id: tokenId } });
  const moveBack = (time: Date) => later(time, -minutes(passedMinutes));
  const { createdAt, expiresAt, extendedAt, extendableUntil } = token;
  await db.token.update({
    where: { id: tokenId },
    data: {
      createdAt: moveBack(createdAt),
      expiresAt: moveBack(expiresAt),
      extendedAt: extendedAt && moveBack(extendedAt),
      extendableUntil: extendableUntil && moveBack(extendableUntil),
    },
  });
}
