import { changedFields } from "../audit/changed-fields";
import { type Run, read, runIn, type Tx } from "../db";
import { conflict, invalid, notFound, unauthenticated } from "../errors";
import { Prisma } from "../generated/prisma/client";
import { claimKey, idempotentRequest, requireExisting, settleKey } from "../idempotency";
import { type Actor, demand } from "../permissions/actor";
import type { Secret } from "../secret";
import { type GivingActor, type LockedActor, lockActor, supposeUnchanged } from "./actor-check";
import { auditSnapshot, type Settings, settingsOf, subjectOf } from "./audit";
import { withExpirationTime } from "./expiration";
import {
  demandAllPermissionsGrantable,
  demandGrantable,
  demandLifetime,
  demandMayGive,
  demandNotOutliving,
} from "./grant-rules";
import { changeOwn, type Found, firstWithoutLocks } from "./lock";
import { mayEdit, maySwitch, needsNewExpiration, refusals } from "./policy";
import { findAmong } from "./queries";
import type { NewToken, TimedPatch, TimedToken, TokenPatch, TokenView } from "./schema";
import { digestOf, makeValue, parseValue } from "./value";
import { type TokenRow, viewOf } from "./view";
import { deleteTokens, type Insertion, insertToken, updateTokens, updateTokenWithGrants } from "./writes";

/** Creates an API token. The value is only in this answer: a retry (same `Idempotency-Key` and body) gets null. Refuses
 * `forbidden` without `tokens:manage` or for more than the actor may give (design 3.2), `invalid` on `expiresAt` or
 * `permissions`, and `conflict` on `name` or `Idempotency-Key`. */
export async function createToken(
  who: Actor,
  requested: NewToken,
  idempotencyKey?: string,
): Promise<{ token: TokenView; value: Secret | null }> {
  demand(who, "tokens:manage");
  const input = timed(requested, who.now);
  if (input.allPermissions) demandAllPermissionsGrantable(who);
  demandGrantable(who, input.permissions ?? []);
  const request = idempotentRequest(
    idempotencyKey,
    { userId: who.userId, operation: "token.create", noun: "token" },
    canonicalFields(requested),
  );
  return firstWithoutLocks(
    async (run) => {
      const { row, value } = await issue(run, supposeUnchanged(who), input, { request });
      return { token: viewOf(who, row), value };
    },
    async (tx) => {
      const createdBefore = request && (await claimKey(tx, request, who.now));
      if (createdBefore) {
        const [row = null] = await findAmong(runIn(tx), who, [createdBefore]);
        return { token: viewOf(who, requireExisting(row, request)), value: null };
      }
      const { row, value } = await issue(runIn(tx), await lockActor(tx, who), input);
      if (request) await settleKey(tx, request, row.id);
      return { token: viewOf(who, row), value };
    },
  );
}

/** {@link createToken} inside the caller's transaction. The app with `appId` will act through the token. */
export async function issueToken(
  tx: Tx,
  who: LockedActor,
  input: NewToken,
  appId: string,
): Promise<{ id: string; value: Secret }> {
  const { row, value } = await issue(runIn(tx), who, timed(input, who.now), { appId });
  return { id: row.id, value };
}

async function issue(
  run: Run,
  who: GivingActor,
  input: TimedToken,
  more: Pick<Insertion, "appId" | "request"> = {},
): Promise<{ row: TokenRow; value: Secret }> {
  demand(who, "tokens:manage");
  if (input.allPermissions) demandAllPermissionsGrantable(who);
  demandGrantable(who, input.permissions ?? []);
  demandLifetime(input.expiresAt, who.now);
  demandNotOutliving(who, input.expiresAt);
  const value = makeValue("api");
  return { row: await insertToken(run, who, { ...more, input, value }), value };
}

/** Changes any setting of an API token, or `enabled` of a session. Refuses `not-found`; `forbidden` without
 * `tokens:manage` and as {@link demandMayGive}; `invalid` on `expiresAt` or `permissions`; `conflict` on `name`, on
 * `expiresAt` (enabled when expired, without a new one), or on another field of a session. */
export async function editToken(who: Actor, id: string, requested: TokenPatch): Promise<TokenView> {
  const change = withExpirationTime(requested, who.now);
  const edit = async ({ run, rows: [row], findGiver }: Found) => {
    if (!row) throw notFound();
    return viewOf(who, await editFound(run, who, row, change, findGiver));
  };
  return changeOwn(who, [id], edit, { giving: mayBeGiving(change) });
}

/** Like {@link editToken}, for a token that the transaction has locked. */
export async function editLocked(tx: Tx, who: Actor, row: TokenRow, change: TimedPatch): Promise<void> {
  await editFound(runIn(tx), who, row, change, () => lockActor(tx, who));
}

async function editFound(
  run: Run,
  who: Actor,
  row: TokenRow,
  change: TimedPatch,
  findGiver: Found["findGiver"],
): Promise<TokenRow> {
  demand(who, "tokens:manage");
  const before = settingsOf(row);
  const after = { ...before, ...change, ...permissionsAfter(before, change) };
  demandEditable(row, change, who.now);
  const giver = await demandMayGive(findGiver, before, after);

  const changed = changedFields(auditSnapshot(before), auditSnapshot(after));
  if (!changed) return row;
  const event = { action: actionOf(changed.after), subject: subjectOf(who.userId, { ...row, ...after }), ...changed };
  if ("permissions" in changed.after) await updateTokenWithGrants(run, who, giver, { row, after, event });
  else await updateTokens(run, who, giver, [{ row, after, event }]);
  return { ...row, ...after };
}

/** Deletes a token; its history stays. @throws Refusal `not-found`; `forbidden` without `tokens:manage`. */
export async function removeToken(who: Actor, id: string): Promise<void> {
  demand(who, "tokens:manage");
  await removeOne(who, id);
}

/** Removes the token that authenticated the request, which every token may do. Refuses `unauthenticated` when it was
 * removed since the request arrived. */
export async function removePresentedToken(who: Actor): Promise<void> {
  await removeOne(who, who.token.id, () => unauthenticated("invalid"));
}

/** Removes the token with this value, in any state, if there is one: the value alone is enough to revoke it (RFC 7009).
 * The audit event names the token itself as the actor's. */
export async function removeByValue(value: string, from: Pick<Actor, "now" | "ip" | "agent">): Promise<void> {
  if (!parseValue(value)) return;
  const [found] = await read<{ token: Actor["token"]; userId: string; userName: string }>(Prisma.sql`
    SELECT json_build_object('id', t.id, 'kind', t.kind, 'name', t.name) AS token,
      u.id AS "userId", u.user_name AS "userName"
    FROM tokens t JOIN users u ON u.id = t.owner_id WHERE t.digest = ${digestOf(value)}::bytea`);
  if (!found) return;
  const nothing = new Set<string>();
  const who: Actor = { ...from, ...found, mustChangePassword: false, owner: nothing, given: nothing };
  await changeOwn(who, [found.token.id], ({ run, rows }) => deleteTokens(run, who, who.userId, rows));
}

async function removeOne(who: Actor, id: string, refusal = notFound): Promise<void> {
  await changeOwn(who, [id], async ({ run, rows }) => {
    if (rows.length === 0) throw refusal();
    await deleteTokens(run, who, who.userId, rows);
  });
}

/** Deletes tokens that the transaction has locked, and records their last settings. */
export const removeLocked = (tx: Tx, who: Actor, rows: readonly TokenRow[], ownerId: string): Promise<void> =>
  deleteTokens(runIn(tx), who, ownerId, rows);

function permissionsAfter(before: Settings, change: TimedPatch): Pick<Settings, "allPermissions" | "permissions"> {
  const allPermissions = change.allPermissions ?? (change.permissions ? false : before.allPermissions);
  if (allPermissions) return { allPermissions, permissions: [] };
  if (change.permissions) return { allPermissions, permissions: [...new Set(change.permissions)].sort() };
  if (before.allPermissions) throw invalid("permissions", "List the permissions that replace All Permissions.");
  return { allPermissions, permissions: before.permissions };
}

function demandEditable(row: TokenRow, change: TimedPatch, now: Date): void {
  const other = Object.keys(change).find((field) => field !== "enabled");
  if (!mayEdit(row) && other) throw conflict(refusals.noEditing, other);
  if (change.enabled !== undefined && !maySwitch(row, now)) {
    throw conflict(refusals.sessionIsOver, "enabled");
  }
  const { expiresAt } = change;
  const newExpiration = expiresAt?.getTime() === row.expiresAt.getTime() ? undefined : expiresAt;
  if (newExpiration) demandLifetime(newExpiration, now);
  else if (change.enabled && needsNewExpiration(row, now)) throw conflict(refusals.newExpirationNeeded, "expiresAt");
}

/** Whether a change can give a token something. Texts and the other direction of the switches never do. */
const mayBeGiving = ({ enabled, expiresAt, inUrl, allPermissions, permissions }: TimedPatch): boolean =>
  enabled === true || inUrl === true || allPermissions === true || (expiresAt ?? permissions) !== undefined;

/** Enabling and disabling have actions of their own, even together with a new expiration. */
function actionOf(after: Record<string, unknown>): string {
  const isSwitchOnly = Object.keys(after).every((field) => field === "enabled" || field === "expiresAt");
  if (!isSwitchOnly || !("enabled" in after)) return "token.edit";
  return after.enabled ? "token.enable" : "token.disable";
}

/** The schema requires one form of the expiration. */
function timed(requested: NewToken, now: Date): TimedToken {
  const { expiresAt, ...input } = withExpirationTime(requested, now);
  if (!expiresAt) throw invalid("expiresAt", "Set either `expiresAt` or `expiresInSeconds`.");
  return { ...input, expiresAt };
}

/** The order is fixed, so that a retry is recognized however its list is sorted, and a length is recognized later. */
function canonicalFields(input: NewToken): unknown[] {
  const { name, description, expiresAt, expiresInSeconds, enabled, allPermissions, permissions = [], inUrl } = input;
  return [name, description, expiresAt ?? expiresInSeconds, enabled, allPermissions, [...permissions].sort(), inUrl];
}
