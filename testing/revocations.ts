import { setTimeout as delay } from "node:timers/promises";
import type { Pool } from "pg";
import { later } from "@/lib/clock";
import { endSession } from "@/lib/tokens/sessions";
import { castPassword } from "./cast";
import { type ClientAnswer, type Credentials, credentialsOf, type RestClient } from "./client";
import type { Target } from "./revocation-target";

/** What revocations are made through. */
export interface Channels {
  rest: RestClient;
  /** The `Authorization` header of a user who has all permissions. */
  asRoot: string;
  database: Pool;
}

/** A way to revoke a target, or what it may do. The revocation has been answered when `revoke` resolves. */
interface Revocation {
  ofSession?: true;
  revoke(target: Target, channels: Channels): Promise<unknown>;
}

/** All ways to revoke: by REST, by a command, by SQL, and by a transaction that commits late. */
export const revocations: Record<string, Revocation> = {
  disabled: { revoke: ({ id, asOwner }, { rest }) => patch(rest, `tokens/${id}`, asOwner, { enabled: false }) },
  "disabled in bulk": {
    revoke: ({ id, asOwner }, { rest }) =>
      retryUntilDone(() =>
        rest.send("POST", "/api/v1/token-changes", { ...asOwner, json: { change: "disable", ids: [id] } }),
      ),
  },
  removed: { revoke: ({ id, asOwner }, { rest }) => remove(rest, `tokens/${id}`, asOwner) },
  "removed through itself": { revoke: ({ value }, { rest }) => remove(rest, "token", credentialsOf(value)) },
  revoked: {
    revoke: ({ value }, { rest }) =>
      retryUntilDone(() => rest.send("POST", "/api/v1/revoke", { form: { token: value } })),
  },
  "permissions removed": {
    revoke: ({ id, asOwner }, { rest }) => patch(rest, `tokens/${id}`, asOwner, { permissions: [] }),
  },
  expired: { revoke: expire },
  "session removed": {
    ofSession: true,
    revoke: ({ id, asOwner }, { rest }) => remove(rest, `tokens/${id}`, asOwner),
  },
  "signed out": {
    ofSession: true,
    revoke: ({ id, who }) => endSession({ ...who, now: new Date() }, id),
  },
  "password changed": { ofSession: true, revoke: (target, { rest }) => changePassword(target, rest, false) },
  "password changed, tokens disabled": { revoke: (target, { rest }) => changePassword(target, rest, true) },
  "owner disabled": {
    revoke: ({ owner }, { rest, asRoot }) =>
      patch(rest, `users/${owner.userName}`, { authorization: asRoot }, { enabled: false }),
  },
  "role taken from owner": {
    revoke: ({ owner }, { rest, asRoot }) =>
      patch(rest, `users/${owner.userName}`, { authorization: asRoot }, { roles: [] }),
  },
  "role's permissions removed": {
    revoke: ({ owner }, { rest, asRoot }) =>
      patch(rest, `roles/${owner.role}`, { authorization: asRoot }, { permissions: [] }),
  },
  "disabled by SQL": bySql("UPDATE tokens SET enabled = false WHERE id = $1", ({ id }) => id),
  "expired by SQL": bySql("UPDATE tokens SET expires_at = now() WHERE id = $1", ({ id }) => id),
  "removed by SQL": bySql("DELETE FROM tokens WHERE id = $1", ({ id }) => id),
  "owner disabled by SQL": bySql("UPDATE users SET enabled = false WHERE id = $1", ({ owner }) => owner.id),
  "role taken from owner by SQL": bySql("DELETE FROM user_roles WHERE user_id = $1", ({ owner }) => owner.id),
  "role's permissions removed by SQL": bySql("DELETE FROM grants WHERE role_name = $1", ({ owner }) => owner.role),
  "disabled by a late commit": { revoke: ({ id }, { database }) => commitLate(id, database) },
};

function bySql(statement: string, parameterOf: (target: Target) => string): Revocation {
  return { revoke: (target, { database }) => database.query(statement, [parameterOf(target)]) };
}

/**
 * Sends a change until it has been made, because a round without its change shows nothing. Retries when the server is too
 * busy; when a retry is answered that there is nothing to change, an earlier attempt has made the change.
 */
async function retryUntilDone(send: () => Promise<ClientAnswer>): Promise<void> {
  for (let attempts = 1; ; attempts++) {
    const { status, text } = await send();
    if (status >= 200 && status <= 299) return;
    if (status === 503 || status === 429) await delay(1_000);
    else if (attempts > 1 && status >= 400 && status <= 499) return;
    else throw new Error(`A change was answered ${status}: ${text}`);
  }
}

const patch = (rest: RestClient, path: string, credentials: Credentials, json: object) =>
  retryUntilDone(() => rest.send("PATCH", `/api/v1/${path}`, { ...credentials, json }));

const remove = (rest: RestClient, path: string, credentials: Credentials) =>
  retryUntilDone(() => rest.send("DELETE", `/api/v1/${path}`, credentials));

/** Sets an earlier expiration, which must be in the future when the server reads it, and waits until it has passed. */
async function expire({ id, asOwner }: Target, { rest, database }: Channels): Promise<void> {
  for (const leadMs of [300, 3_000, 20_000]) {
    const expiresAt = later(new Date(), leadMs).toISOString();
    const { status } = await rest.send("PATCH", `/api/v1/tokens/${id}`, {
      ...asOwner,
      json: { expiresAt },
    });
    if (status === 400) continue;
    if (status !== 200) throw new Error(`An earlier expiration was answered ${status}.`);
    const remaining = "greatest(0, extract(epoch FROM $1::timestamptz - clock_timestamp()))";
    await database.query(`SELECT pg_sleep(${remaining} + 0.002)`, [expiresAt]);
    return;
  }
  throw new Error("Every earlier expiration had passed when the server read it.");
}

/** Ends all sessions of the owner except the one that sends the request. */
const changePassword = ({ asOwner }: Target, rest: RestClient, disableTokens: boolean) =>
  retryUntilDone(() =>
    rest.send("PUT", "/api/v1/account/password", {
      ...asOwner,
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
