import { changedFields } from "../audit/changed-fields";
import { record } from "../audit/record";
import { db, inTransaction, isUniqueViolation, type Tx } from "../db";
import { conflict, invalid, notFound } from "../errors";
import { claimKey, idempotentRequest, requireExisting, settleKey } from "../idempotency";
import { type Actor, demand } from "../permissions/actor";
import { addGrants } from "../permissions/grants";
import type { Secret } from "../secret";
import { type LockedActor, lockActor } from "./actor-check";
import { auditSnapshot, type Settings, settingsOf, subjectOf } from "./audit";
import {
  demandAllPermissionsGrantable,
  demandGrantable,
  demandLifetime,
  demandMayGive,
  demandNotOutliving,
  replaceGrants,
} from "./grant-rules";
import { lockOwn } from "./lock";
import { mayEdit, maySwitch, needsNewExpiration, refusals } from "./policy";
import { ownedAmong } from "./queries";
import type { NewToken, TokenPatch, TokenView } from "./schema";
import { digestOf, lastFourOf, makeValue, parseValue } from "./value";
import { readTokens, type TokenRow, viewOf } from "./view";

/** Creates an API token. The value is only in this answer: a retry (same `Idempotency-Key` and body) gets null. Refuses
 * `forbidden` without `tokens:manage` or for more than the actor may give (design 3.2), `invalid` on `expiresAt` or
 * `permissions`, and `conflict` on `name` or `Idempotency-Key`. */
export async function createToken(
  who: Actor,
  input: NewToken,
  idempotencyKey?: string,
): Promise<{ token: TokenView; value: Secret | null }> {
  demand(who, "tokens:manage");
  if (input.allPermissions) demandAllPermissionsGrantable(who);
  demandGrantable(who, input.permissions ?? []);
  const request = idempotentRequest(
    idempotencyKey,
    { userId: who.userId, operation: "token.create", noun: "token" },
    canonicalFields(input),
  );
  return inTransaction(async (tx) => {
    const createdBefore = request && (await claimKey(tx, request, who.now));
    if (createdBefore) {
      const [row = null] = await readTokens(tx, ownedAmong(who, [createdBefore]));
      return { token: viewOf(who, requireExisting(row, request)), value: null };
    }
    const { id, value } = await issueToken(tx, await lockActor(tx, who), input);
    if (request) await settleKey(tx, request, id);
    const [row] = await readTokens(tx, ownedAmong(who, [id]));
    if (!row) throw new Error("A token that was just created cannot be read.");
    return { token: viewOf(who, row), value };
  });
}

/** {@link createToken} inside the caller's transaction. The app with `appId` will act through the token. */
export async function issueToken(
  tx: Tx,
  who: LockedActor,
  input: NewToken,
  appId: string | null = null,
): Promise<{ id: string; value: Secret }> {
  demand(who, "tokens:manage");
  if (input.allPermissions) demandAllPermissionsGrantable(who);
  demandGrantable(who, input.permissions ?? []);
  demandLifetime(input.expiresAt, who.now);
  demandNotOutliving(who, input.expiresAt);
  const value = makeValue("api");
  return { id: await insertToken(tx, who, input, value, appId), value };
}

/** Changes any setting of an API token, or `enabled` of a session. Refuses `not-found`; `forbidden` without
 * `tokens:manage` and as {@link demandMayGive}; `invalid` on `expiresAt` or `permissions`; `conflict` on `name`, on
 * `expiresAt` (enabled when expired, without a new one), or on another field of a session. */
export async function editToken(who: Actor, id: string, change: TokenPatch): Promise<TokenView> {
  return inTransaction(async (tx) => {
    const [row] = await lockOwn(tx, who, [id], { giving: mayBeGiving(change) });
    if (!row) throw notFound();
    return viewOf(who, await editLocked(tx, who, row, change));
  });
}

/** Like {@link editToken}, for a token that the transaction has locked. */
export async function editLocked(tx: Tx, who: Actor, row: TokenRow, change: TokenPatch): Promise<TokenRow> {
  demand(who, "tokens:manage");
  const before = settingsOf(row);
  const after = { ...before, ...change, ...permissionsAfter(before, change) };
  demandEditable(row, change, who.now);
  await demandMayGive(tx, who, before, after);

  const changed = changedFields(auditSnapshot(before), auditSnapshot(after));
  if (!changed) return row;
  const { permissions, ...fields } = after;
  await refuseTakenName(() => tx.token.update({ where: { id: row.id }, data: fields, select: { id: true } }));
  if ("permissions" in changed.after) await replaceGrants(tx, row.id, permissions);
  const edited = { ...row, ...after };
  await record(tx, who, { action: actionOf(changed.after), subject: subjectOf(who.userId, edited), ...changed });
  return edited;
}

/** Deletes a token; its history stays. @throws Refusal `not-found`; `forbidden` without `tokens:manage`. */
export async function removeToken(who: Actor, id: string): Promise<void> {
  demand(who, "tokens:manage");
  await removeOne(who, id);
}

/** Removes the token that authenticated the request, which every token may do. */
export async function removePresentedToken(who: Actor): Promise<void> {
  await removeOne(who, who.token.id);
}

/** Removes the token with this value, in any state, if there is one: the value alone is enough to revoke it (RFC 7009).
 * The audit event names the token itself as the actor's. */
export async function removeByValue(value: string, from: Pick<Actor, "now" | "ip" | "agent">): Promise<void> {
  if (!parseValue(value)) return;
  const found = await db.token.findUnique({
    where: { digest: digestOf(value) },
    select: { id: true, kind: true, name: true, ownerId: true, owner: { select: { userName: true } } },
  });
  if (!found) return;
  const { ownerId, owner, ...token } = found;
  const nothing = new Set<string>();
  const person = { userId: ownerId, userName: owner.userName, mustChangePassword: false };
  const who: Actor = { ...from, ...person, token, owner: nothing, given: nothing };
  await inTransaction(async (tx) => removeLocked(tx, who, await lockOwn(tx, who, [token.id])));
}

async function removeOne(who: Actor, id: string): Promise<void> {
  await inTransaction(async (tx) => {
    const rows = await lockOwn(tx, who, [id]);
    if (rows.length === 0) throw notFound();
    await removeLocked(tx, who, rows);
  });
}

/** Deletes tokens that the transaction has locked, and records their last settings. */
export async function removeLocked(
  tx: Tx,
  who: Actor,
  rows: readonly TokenRow[],
  ownerId: string = who.userId,
): Promise<void> {
  await tx.token.deleteMany({ where: { id: { in: rows.map(({ id }) => id) } } });
  const events = rows.map((row) => ({
    action: "token.remove",
    subject: subjectOf(ownerId, row),
    before: auditSnapshot(settingsOf(row)),
  }));
  await record(tx, who, ...events);
}

async function insertToken(tx: Tx, who: Actor, input: NewToken, value: Secret, appId: string | null): Promise<string> {
  const { permissions = [], ...fields } = input;
  const data = {
    ...fields,
    kind: "api" as const,
    ownerId: who.userId,
    digest: digestOf(value.reveal()),
    lastFour: lastFourOf(value),
    createdAt: who.now,
    createdAddress: who.ip,
    createdAgent: who.agent,
    appId,
  };
  const row = await refuseTakenName(() => tx.token.create({ data, select: { id: true, name: true } }));
  await addGrants(tx, { tokenId: row.id }, permissions);
  const after = auditSnapshot({ ...fields, permissions: [...new Set(permissions)].sort() });
  await record(tx, who, { action: "token.create", subject: subjectOf(who.userId, row), after });
  return row.id;
}

/** Only the unique constraint of the database decides between concurrent writes of a name. */
async function refuseTakenName<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw conflict("You already have an API token with this name. Choose another.", "name");
  }
}

function permissionsAfter(before: Settings, change: TokenPatch): Pick<Settings, "allPermissions" | "permissions"> {
  const allPermissions = change.allPermissions ?? (change.permissions ? false : before.allPermissions);
  if (allPermissions) return { allPermissions, permissions: [] };
  if (change.permissions) return { allPermissions, permissions: [...new Set(change.permissions)].sort() };
  if (before.allPermissions) throw invalid("permissions", "List the permissions that replace All Permissions.");
  return { allPermissions, permissions: before.permissions };
}

function demandEditable(row: TokenRow, change: TokenPatch, now: Date): void {
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
const mayBeGiving = ({ enabled, expiresAt, inUrl, allPermissions, permissions }: TokenPatch): boolean =>
  enabled === true || inUrl === true || allPermissions === true || (expiresAt ?? permissions) !== undefined;

/** Enabling and disabling have actions of their own, even together with a new expiration. */
function actionOf(after: Record<string, unknown>): string {
  const isSwitchOnly = Object.keys(after).every((field) => field === "enabled" || field === "expiresAt");
  if (!isSwitchOnly || !("enabled" in after)) return "token.edit";
  return after.enabled ? "token.enable" : "token.disable";
}

/** The order is fixed, so that a retry is recognized however its list is sorted. */
function canonicalFields(input: NewToken): unknown[] {
  const { name, description, expiresAt, enabled, allPermissions, permissions = [], inUrl } = input;
  return [name, description, expiresAt, enabled, allPermissions, [...permissions].sort(), inUrl];
}
