import { changedFields } from "../audit/changed-fields";
import { type AuditEntry, record } from "../audit/record";
import { inTransaction, type Tx } from "../db";
import type { Prisma } from "../generated/prisma/client";
import { type Actor, demand } from "../permissions/actor";
import { subjectOf } from "./audit";
import { nextBatch } from "./batches";
import { removeLocked } from "./commands";
import { demandLifetime } from "./grant-rules";
import { lockOwn } from "./lock";
import { maySwitch, needsNewExpiration, refusals } from "./policy";
import { ownedAmong } from "./queries";
import type { TokenChanges, TokenMatch, TokenOutcome, TokenOutcomes } from "./schema";
import { stateOf } from "./state";
import { readTokens, type TokenRow, viewOf } from "./view";

/**
 * Enables, disables or removes several of the actor's own tokens in one transaction, and says what became of each. One that
 * is refused or not found does not hold up the others. Of all that a filter finds, one batch: the answer says where the next
 * one goes on.
 *
 * @throws Refusal `forbidden` without `tokens:manage`; `invalid` on `expiresAt` or `cursor`.
 */
export async function bulkChange(who: Actor, input: TokenChanges): Promise<TokenOutcomes> {
  demand(who, "tokens:manage");
  if (input.expiresAt) demandLifetime(input.expiresAt, who.now);
  return inTransaction(async (tx) => {
    if (input.matching) return changeBatch(tx, who, input, input.matching);
    const ids = input.ids === "all-but-current" ? await otherSessionIds(tx, who) : [...new Set(input.ids)];
    const decided = await applyChange(tx, who, input, ids);
    const left = await readTokens(tx, ownedAmong(who, [...decided.keys()]));
    const views = new Map(left.map((row) => [row.id, viewOf(who, row)]));
    const outcomes = ids.map((id): TokenOutcome => {
      const { outcome = "not-found", detail = null } = decided.get(id.toLowerCase()) ?? {};
      return { id, outcome, detail, token: views.get(id.toLowerCase()) ?? null };
    });
    return { outcomes, nextCursor: null };
  });
}

/** The next batch of all that a filter finds. One that is no longer found once it is locked has changed, and is left alone. */
async function changeBatch(tx: Tx, who: Actor, input: TokenChanges, match: TokenMatch): Promise<TokenOutcomes> {
  const { ids, where, nextCursor } = await nextBatch(tx, who, match, input);
  const decided = await applyChange(tx, who, input, ids, where);
  const outcomes = [...decided].map(([id, { outcome, detail }]) => ({ id, outcome, detail, token: null }));
  return { outcomes, nextCursor };
}

/** Changes those of these tokens that are still there and may be changed so. Answers what was decided about each, by id. */
async function applyChange(tx: Tx, who: Actor, input: TokenChanges, ids: string[], where?: Prisma.TokenWhereInput) {
  const rows = await lockOwn(tx, who, ids, where);
  const decided = new Map(rows.map((row) => [row.id, { row, ...decide(who, row, input) }]));
  const changing = [...decided.values()].filter(({ outcome }) => outcome === "changed").map(({ row }) => row);
  if (input.change === "remove") await removeLocked(tx, who, changing);
  else await setEnabled(tx, who, changing, input);
  return decided;
}

/**
 * Disables every API token of the actor's that still works, as after a password that others knew. Answers how many. However
 * many there are, in one statement, with their locks in order of id: whoever knew the password must not be able to make more
 * of them than can be disabled.
 */
export async function disableApiTokens(tx: Tx, who: Actor): Promise<number> {
  const disabled = await tx.$queryRaw<{ id: string; name: string }[]>`
    WITH working AS (
      SELECT id FROM tokens
      WHERE owner_id = ${who.userId}::uuid AND kind = 'api' AND enabled AND expires_at > ${who.now}
      ORDER BY id FOR UPDATE
    )
    UPDATE tokens SET enabled = false FROM working WHERE tokens.id = working.id RETURNING tokens.id, tokens.name`;
  const change = { action: "token.disable", before: { enabled: true }, after: { enabled: false } };
  await record(tx, who, ...disabled.map((row): AuditEntry => ({ ...change, subject: subjectOf(who.userId, row) })));
  return disabled.length;
}

/** Active sessions only: those that are over stay listed, as a record of who was signed in. */
async function otherSessionIds(tx: Tx, who: Actor): Promise<string[]> {
  const rows = await tx.token.findMany({
    where: { ownerId: who.userId, kind: "session", expiresAt: { gt: who.now }, id: { not: who.token.id } },
    select: { id: true },
    orderBy: { id: "asc" },
  });
  return rows.map(({ id }) => id);
}

function decide(who: Actor, row: TokenRow, input: TokenChanges): Pick<TokenOutcome, "outcome" | "detail"> {
  if (input.matching && row.id === who.token.id && input.change !== "enable") {
    return { outcome: "refused", detail: refusals.asksItself };
  }
  if (input.change === "remove") return { outcome: "changed", detail: null };
  if (!maySwitch(row, who.now)) return { outcome: "refused", detail: refusals.sessionIsOver };
  if (input.change === "enable" && needsNewExpiration(row, who.now) && !input.expiresAt) {
    return { outcome: "refused", detail: refusals.newExpirationNeeded };
  }
  const stands = input.change === "enable" ? stateOf(row, who.now) === "active" : !row.enabled;
  return { outcome: stands ? "unchanged" : "changed", detail: null };
}

async function setEnabled(
  tx: Tx,
  who: Actor,
  rows: readonly TokenRow[],
  { change, expiresAt }: Pick<TokenChanges, "change" | "expiresAt">,
): Promise<void> {
  const enabled = change === "enable";
  const expired = rows.filter((row) => enabled && needsNewExpiration(row, who.now));
  const others = rows.filter((row) => !expired.includes(row));
  await updateRows(tx, expired, { enabled, expiresAt });
  await updateRows(tx, others, { enabled });
  const events = rows.flatMap((row): AuditEntry[] => {
    const before = { enabled: row.enabled, expiresAt: row.expiresAt.toISOString() };
    const until = expired.includes(row) && expiresAt ? expiresAt.toISOString() : before.expiresAt;
    const changed = changedFields(before, { enabled, expiresAt: until });
    return changed ? [{ action: `token.${change}`, subject: subjectOf(who.userId, row), ...changed }] : [];
  });
  await record(tx, who, ...events);
}

async function updateRows(tx: Tx, rows: readonly TokenRow[], data: Prisma.TokenUpdateManyMutationInput): Promise<void> {
  if (rows.length > 0) await tx.token.updateMany({ where: { id: { in: rows.map(({ id }) => id) } }, data });
}
