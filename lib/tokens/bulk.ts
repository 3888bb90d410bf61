import { changedFields } from "../audit/changed-fields";
import { type AuditEntry, record } from "../audit/record";
import { inTransaction, type Tx } from "../db";
import type { Prisma } from "../generated/prisma/client";
import { type Actor, demand } from "../permissions/actor";
import { type LockedActor, lockActor } from "./actor-check";
import { subjectOf } from "./audit";
import { nextBatch } from "./batches";
import { removeLocked } from "./commands";
import { demandLifetime } from "./grant-rules";
import { lockOwn } from "./lock";
import { expirationBeyond, givenBeyond, maySwitch, needsNewExpiration, refusals } from "./policy";
import { ownedAmong } from "./queries";
import type { TokenChanges, TokenMatch, TokenOutcome, TokenOutcomes } from "./schema";
import { stateOf } from "./state";
import { readTokens, type TokenRow, viewOf } from "./view";

/** Enables, disables or removes several of the actor's own tokens in one transaction. One that is refused or not found
 * does not affect the others. `matching` changes one batch of tokens, and `nextCursor` leads to the next batch.
 * Refuses `forbidden` without `tokens:manage`, and `invalid` on `expiresAt` or `cursor`. */
export async function bulkChange(who: Actor, input: TokenChanges): Promise<TokenOutcomes> {
  demand(who, "tokens:manage");
  if (input.expiresAt) demandLifetime(input.expiresAt, who.now);
  return inTransaction(async (tx) => {
    if (input.matching) return changeBatch(tx, who, input, input.matching);
    const ids = input.ids === "all-but-current" ? await otherSessionIds(tx, who) : [...new Set(input.ids)];
    const decisions = await applyChange(tx, who, input, ids);
    const remaining = await readTokens(tx, ownedAmong(who, [...decisions.keys()]));
    const views = new Map(remaining.map((row) => [row.id, viewOf(who, row)]));
    const outcomes = ids.map((id): TokenOutcome => {
      const { outcome = "not-found", detail = null } = decisions.get(id.toLowerCase()) ?? {};
      return { id, outcome, detail, token: views.get(id.toLowerCase()) ?? null };
    });
    return { outcomes, nextCursor: null };
  });
}

/** A token that no longer matches the filter once it is locked is left unchanged. */
async function changeBatch(tx: Tx, who: Actor, input: TokenChanges, match: TokenMatch): Promise<TokenOutcomes> {
  const { ids, where, nextCursor } = await nextBatch(tx, who, match, input);
  const decisions = await applyChange(tx, who, input, ids, where);
  const outcomes = [...decisions].map(([id, { outcome, detail }]) => ({ id, outcome, detail, token: null }));
  return { outcomes, nextCursor };
}

async function applyChange(tx: Tx, who: Actor, input: TokenChanges, ids: string[], where?: Prisma.TokenWhereInput) {
  const giving = input.change === "enable";
  const rows = await lockOwn(tx, who, ids, { where, giving });
  const acting = giving && rows.length > 0 ? await lockActor(tx, who) : null;
  if (acting) demand(acting, "tokens:manage");
  const decisions = new Map(
    rows.map((row) => {
      const detail = refusalOf(who, row, input) ?? (acting && givingRefusalOf(acting, row, input));
      return [row.id, { row, detail, outcome: detail === null ? outcomeOf(who, row, input) : "refused" }] as const;
    }),
  );
  const changing = [...decisions.values()].filter(({ outcome }) => outcome === "changed").map(({ row }) => row);
  switch (input.change) {
    case "remove":
      await removeLocked(tx, who, changing);
      break;
    case "enable":
    case "disable":
      await setEnabled(tx, who, changing, { enabled: input.change === "enable", expiresAt: input.expiresAt });
      break;
    default:
      input.change satisfies never;
  }
  return decisions;
}

/** Answers how many it disabled. They may be very many, so one statement does it, which locks in order of id. */
export async function disableApiTokens(tx: Tx, who: Actor): Promise<number> {
  const disabled = await tx.$queryRaw<{ id: string; name: string }[]>`
    WITH active AS (
      SELECT id FROM tokens
      WHERE owner_id = ${who.userId}::uuid AND kind = 'api' AND enabled AND expires_at > ${who.now}
      ORDER BY id FOR UPDATE
    )
    UPDATE tokens SET enabled = false FROM active WHERE tokens.id = active.id RETURNING tokens.id, tokens.name`;
  const change = { action: "token.disable", before: { enabled: true }, after: { enabled: false } };
  await record(tx, who, ...disabled.map((row): AuditEntry => ({ ...change, subject: subjectOf(who.userId, row) })));
  return disabled.length;
}

/** Expired sessions are left out, since they stay listed as a record of sign-ins. */
async function otherSessionIds(tx: Tx, who: Actor): Promise<string[]> {
  const rows = await tx.token.findMany({
    where: { ownerId: who.userId, kind: "session", expiresAt: { gt: who.now }, id: { not: who.token.id } },
    select: { id: true },
    orderBy: { id: "asc" },
  });
  return rows.map(({ id }) => id);
}

function refusalOf(who: Actor, row: TokenRow, { change, matching, expiresAt }: TokenChanges): string | null {
  if (matching && row.id === who.token.id && change !== "enable") return refusals.asksItself;
  if (change === "remove") return null;
  if (!maySwitch(row, who.now)) return refusals.sessionIsOver;
  if (change === "enable" && needsNewExpiration(row, who.now) && !expiresAt) return refusals.newExpirationNeeded;
  return null;
}

/** Why the actor may not enable a token, as {@link demandMayGive} refuses it for one; null when they may. */
function givingRefusalOf(acting: LockedActor, row: TokenRow, input: TokenChanges): string | null {
  if (outcomeOf(acting, row, input) === "unchanged") return null;
  const permission = givenBeyond(acting, row);
  if (permission !== null) return refusals.givenMore(permission);
  if (!input.expiresAt || !needsNewExpiration(row, acting.now)) return null;
  const latest = expirationBeyond(acting, input.expiresAt);
  return latest && refusals.outlives(latest);
}

function outcomeOf(who: Actor, row: TokenRow, { change }: TokenChanges): "changed" | "unchanged" {
  if (change === "remove") return "changed";
  const isUnchanged = change === "enable" ? stateOf(row, who.now) === "active" : !row.enabled;
  return isUnchanged ? "unchanged" : "changed";
}

async function setEnabled(
  tx: Tx,
  who: Actor,
  rows: readonly TokenRow[],
  { enabled, expiresAt }: { enabled: boolean; expiresAt?: Date },
): Promise<void> {
  const expired = rows.filter((row) => enabled && needsNewExpiration(row, who.now));
  const others = rows.filter((row) => !expired.includes(row));
  await updateRows(tx, expired, { enabled, expiresAt });
  await updateRows(tx, others, { enabled });
  const events = rows.flatMap((row): AuditEntry[] => {
    const before = { enabled: row.enabled, expiresAt: row.expiresAt.toISOString() };
    const until = expired.includes(row) && expiresAt ? expiresAt.toISOString() : before.expiresAt;
    const changed = changedFields(before, { enabled, expiresAt: until });
    return changed
      ? [{ action: enabled ? "token.enable" : "token.disable", subject: subjectOf(who.userId, row), ...changed }]
      : [];
  });
  await record(tx, who, ...events);
}

async function updateRows(tx: Tx, rows: readonly TokenRow[], data: Prisma.TokenUpdateManyMutationInput): Promise<void> {
  if (rows.length > 0) await tx.token.updateMany({ where: { id: { in: rows.map(({ id }) => id) } }, data });
}
