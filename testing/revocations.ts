import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Pool } from "pg";
import { later, minutes } from "@/lib/clock";
import { db, inTransaction } from "@/lib/db";
import { everything } from "@/lib/permissions/effective";
import { retryUntilReachable } from "@/lib/server/retry-until-reachable";
import { createToken } from "@/lib/tokens/commands";
import { issueSession } from "@/lib/tokens/sessions";
import { hashPassword } from "@/lib/users/password";
import { castPassword } from "./cast";
import type { Client, ClientAnswer } from "./client";

/** What each value may do until it is taken away. */
export const permission = "server:monitor";

/** A value that is good until its taking has been answered. */
export interface Target {
  id: string;
  value: string;
  owner: { id: string; userName: string; role: string };
  /** The header of another session of its owner. */
  asOwner: string;
  isOver: boolean;
}

/** By what something is taken away: an instance, the header of somebody who may do everything, and the database itself. */
export interface Channels {
  instance: Client;
  asRoot: string;
  database: Pool;
}

/** A way to take something away. It is over when `by` resolves. */
interface Revocation {
  ofSession?: true;
  by(target: Target, hands: Channels): Promise<unknown>;
}

/** Every way to take from a value what it may do: by REST, by hand in the database, and in a transaction that commits late. */
export const revocations: Record<string, Revocation> = {
  disabled: { by: ({ id, asOwner }, { instance }) => patch(instance, `tokens/${id}`, asOwner, { enabled: false }) },
  "disabled with others": {
    by: ({ id, asOwner }, { instance }) =>
      retryUntilDone(() =>
        instance.ask("POST", "/api/v1/token-changes", {
          authorization: asOwner,
          json: { change: "disable", ids: [id] },
        }),
      ),
  },
  removed: { by: ({ id, asOwner }, { instance }) => remove(instance, `tokens/${id}`, asOwner) },
  "removed by itself": { by: ({ value }, { instance }) => remove(instance, "token", `Bearer ${value}`) },
  revoked: {
    by: ({ value }, { instance }) =>
      retryUntilDone(() => instance.ask("POST", "/api/v1/revoke", { form: { token: value } })),
  },
  narrowed: { by: ({ id, asOwner }, { instance }) => patch(instance, `tokens/${id}`, asOwner, { permissions: [] }) },
  expired: { by: expire },
  "session removed": {
    ofSession: true,
    by: ({ id, asOwner }, { instance }) => remove(instance, `tokens/${id}`, asOwner),
  },
  "password changed": { ofSession: true, by: (target, { instance }) => changePassword(target, instance, false) },
  "password changed, tokens too": { by: (target, { instance }) => changePassword(target, instance, true) },
  "owner disabled": {
    by: ({ owner }, { instance, asRoot }) => patch(instance, `users/${owner.userName}`, asRoot, { enabled: false }),
  },
  "role lost": {
    by: ({ owner }, { instance, asRoot }) => patch(instance, `users/${owner.userName}`, asRoot, { roles: [] }),
  },
  "role narrowed": {
    by: ({ owner }, { instance, asRoot }) => patch(instance, `roles/${owner.role}`, asRoot, { permissions: [] }),
  },
  "disabled by hand": {
    by: ({ id }, { database }) => database.query("UPDATE tokens SET enabled = false WHERE id = $1", [id]),
  },
  "removed by hand": { by: ({ id }, { database }) => database.query("DELETE FROM tokens WHERE id = $1", [id]) },
  "role narrowed by hand": {
    by: ({ owner }, { database }) => database.query("DELETE FROM grants WHERE role_name = $1", [owner.role]),
  },
  "committed late": { by: ({ id }, { database }) => commitLate(id, database) },
};

/** Somebody with a role of their own that gives the permission, and what is to be taken from them. */
export const makeTarget = (ofSession: boolean): Promise<Target> => retryUntilReachable(() => target(ofSession));

async function target(ofSession: boolean): Promise<Target> {
  const owner = await createOwner();
  const other = await signedIn(owner.id);
  const { id, value } = ofSession ? await signedIn(owner.id) : await withToken(owner, other.id);
  return { id, value, owner, asOwner: `Bearer ${other.value}`, isOver: false };
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

async function signedIn(userId: string): Promise<{ id: string; value: string }> {
  const from = { userId, address: null, agent: null, now: new Date() };
  const { id, value } = await inTransaction((tx) => issueSession(tx, from));
  return { id, value: value.reveal() };
}

async function withToken({ id: userId, userName }: Target["owner"], sessionId: string) {
  const all = new Set([everything]);
  const now = new Date();
  const session = { id: sessionId, kind: "session" as const, name: "rounds" };
  const asks = { now, address: null, agent: null, mustChangePassword: false };
  const { token, value } = await createToken(
    { ...asks, userId, userName, token: session, owner: all, given: all },
    {
      name: "to be taken away",
      description: "",
      enabled: true,
      expiresAt: later(now, minutes(60)),
      allPermissions: false,
      permissions: [permission],
      inUrl: false,
    },
  );
  return { id: token.id, value: value?.reveal() ?? "" };
}

/**
 * A change must be made, or the round means nothing. Of a server that is too busy it is asked again; if that one says that there is
 * nothing to change, it had been made.
 */
async function retryUntilDone(ask: () => Promise<ClientAnswer>): Promise<void> {
  for (let asked = 1; ; asked++) {
    const { status, text } = await ask();
    if (status >= 200 && status <= 299) return;
    if (status === 503 || status === 429) await delay(1_000);
    else if (asked > 1 && status >= 400 && status <= 499) return;
    else throw new Error(`A change was answered ${status}: ${text}`);
  }
}

const patch = (instance: Client, path: string, authorization: string, json: object) =>
  retryUntilDone(() => instance.ask("PATCH", `/api/v1/${path}`, { authorization, json }));

const remove = (instance: Client, path: string, authorization: string) =>
  retryUntilDone(() => instance.ask("DELETE", `/api/v1/${path}`, { authorization }));

/** An earlier expiration must still lie ahead when the server gets it. It is over once the database's clock says so. */
async function expire({ id, asOwner }: Target, { instance, database }: Channels): Promise<void> {
  for (const milliseconds of [300, 3_000, 20_000]) {
    const expiresAt = later(new Date(), milliseconds).toISOString();
    const json = { expiresAt };
    const { status } = await instance.ask("PATCH", `/api/v1/tokens/${id}`, { authorization: asOwner, json });
    if (status === 400) continue;
    if (status !== 200) throw new Error(`An earlier expiration was answered ${status}.`);
    const until = "greatest(0, extract(epoch FROM $1::timestamptz - clock_timestamp()))";
    await database.query(`SELECT pg_sleep(${until} + 0.002)`, [expiresAt]);
    return;
  }
  throw new Error("No earlier expiration was early enough.");
}

/** Ends all sessions of the owner but the one that asks. */
const changePassword = ({ asOwner }: Target, instance: Client, disableTokens: boolean) =>
  retryUntilDone(() =>
    instance.ask("PUT", "/api/v1/account/password", {
      authorization: asOwner,
      json: { currentPassword: castPassword, newPassword: "three herons over slow water", disableTokens },
    }),
  );

async function commitLate(id: string, database: Pool): Promise<void> {
  const client = await database.connect();
  try {
    await client.query("BEGIN");
    await client.query("UPDATE tokens SET enabled = false WHERE id = $1", [id]);
    await delay(10);
    await client.query("COMMIT");
  } finally {
    client.release();
  }
}
