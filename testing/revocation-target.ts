import { randomUUID } from "node:crypto";
import { later, minutes } from "@/lib/clock";
import { db } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { everything } from "@/lib/permissions/effective";
import { retryUntilReachable } from "@/lib/server/retry-until-reachable";
import { createToken } from "@/lib/tokens/commands";
import { hashPassword } from "@/lib/users/password";
import { castPassword } from "./cast";
import { type Credentials, credentialsOf } from "./client";
import { startSessionOf } from "./sessions";

/** The permission that each target has until it is revoked. */
export const permission = "server:monitor";

/** A token or session that is valid until its revocation has been answered. */
export interface Target {
  id: string;
  value: string;
  owner: { id: string; userName: string; role: string };
  /** The owner, who acts through another session. */
  who: Actor;
  asOwner: Credentials;
  isRevoked: boolean;
}

/** Creates a session or an API token, with an owner whose only role gives the permission. */
export const makeTarget = (ofSession: boolean): Promise<Target> => retryUntilReachable(() => createTarget(ofSession));

async function createTarget(ofSession: boolean): Promise<Target> {
  const owner = await createOwner();
  const other = await createSession(owner.id);
  const who = actorThrough(other.id, owner);
  const { id, value } = ofSession ? await createSession(owner.id) : await createApiToken(who);
  return { id, value, owner, who, asOwner: credentialsOf(other.value), isRevoked: false };
}

let passwordHash: Promise<string> | undefined;

async function createOwner(): Promise<Target["owner"]> {
  passwordHash ??= hashPassword(castPassword);
  const role = `r${randomUUID().replaceAll("-", "")}`;
  const grants = { create: { resource: "server", action: "monitor" } };
  await db.role.create({ data: { name: role, title: role, grants } });
  const account = { userName: role, fullName: "Somebody", passwordHash: await passwordHash };
  const { id } = await db.user.create({
    data: { ...account, roles: { create: { roleName: role } } },
    select: { id: true },
  });
  return { id, userName: role, role };
}

async function createSession(userId: string): Promise<{ id: string; value: string }> {
  const from = { userId, ip: null, agent: null, now: new Date() };
  const { id, value } = await startSessionOf(from);
  return { id, value: value.reveal() };
}

function actorThrough(sessionId: string, { id: userId, userName }: Target["owner"]): Actor {
  const all = new Set([everything]);
  const token = { id: sessionId, kind: "session" as const, name: "rounds" };
  const request = { now: new Date(), ip: null, agent: null };
  return { ...request, mustChangePassword: false, userId, userName, token, owner: all, given: all };
}

async function createApiToken(who: Actor): Promise<{ id: string; value: string }> {
  const { token, value } = await createToken(who, {
    name: "to be revoked",
    description: "",
    enabled: true,
    expiresAt: later(who.now, minutes(60)),
    allPermissions: false,
    permissions: [permission],
    inUrl: false,
  });
  return { id: token.id, value: value?.reveal() ?? "" };
}
