import { changedFields } from "../audit/changed-fields";
import { type AuditEntry, record } from "../audit/record";
import { inTransaction, read, runIn, type Tx } from "../db";
import { Prisma } from "../generated/prisma/client";
import { type Actor, demand } from "../permissions/actor";
import { Contended, type GivingActor, lockActor } from "./actor-check";
import { settingsOf, subjectOf } from "./audit";
import { nextBatch } from "./batches";
import { withExpirationTime } from "./expiration";
import { demandLifetime } from "./grant-rules";
import { changeOwn, type Found, lockOwn } from "./lock";
import { expirationBeyond, givenBeyond, maySwitch, needsNewExpiration, refusals } from "./policy";
import { ownedBy } from "./queries";
import type { TimedChanges, TokenChanges, TokenMatch, TokenOutcome, TokenOutcomes } from "./schema";
import { stateOf } from "./state";
import { type TokenRow, viewOf } from "./view";
import { deleteTokens, type Edit, updateTokens } from "./writes";

/** Enables, disables or removes several of the actor's own tokens in one transaction. One that is refused or not found
 * does not affect the others. `matching` changes one batch of tokens, and `nextCursor` leads to the next batch.
 * Refuses `forbidden` without `tokens:manage`, and `invalid` on `expiresAt` or `cursor`. */
export async function bulkChange(who: Actor, changes: TokenChanges): Promise<TokenOutcomes> {
  demand(who, "tokens:manage");
  const input = withExpirationTime(changes, who.now);
  if (input.expiresAt) demandLifetime(input.expiresAt, who.now);
  const { matching, ids: requested } = input;
  if (matching) return inTransaction((tx) => changeBatch(tx, who, input, matching));
  const ids = requested === "all-but-current" ? await otherSessionIds(who) : [...new Set(requested)];
  const giving = input.change === "enable";
  const decisions = await changeOwn(who, ids, (found) => applyChange(who, input, found), { giving });
  const outcomes = ids.map((id): TokenOutcome => {
    const { outcome = "not-found", detail = null, after = null } = decisions.get(id.toLowerCase()) ?? {};
    return { id, outcome, detail, token: after && viewOf(who, after) };
  });
  return { outcomes, nextCursor: null };
}

/** A token that no longer matches the filter once it is locked is left unchanged. */
async function changeBatch(tx: Tx, who: Actor, input: TimedChanges, match: TokenMatch): Promise<TokenOutcomes> {
  const run = runIn(tx);
  const { ids, where, nextCursor } = await nextBatch(run, who, match, input);
  const rows = await lockOwn(tx, who, ids, { where, giving: input.change === "enable" });
  const decisions = await applyChange(who, input, { run, rows, findGiver: () => lockActor(tx, who) });
  const outcomes = [...decisions].map(([id, { outcome, detail }]) => ({ id, outcome, detail, token: null }));
  return { outcomes, nextCursor };
}

interface Decision {
  row: TokenRow;
  outcome: "changed" | "unchanged" | "refused";
  detail: string | null;
  /** The token after the change, if it remains. */
  after: TokenRow | null;
}

async function applyChange(
  who: Actor,
  input: TimedChanges,
  { run, rows, findGiver }: Found,
): Promise<Map<string, Decision>> {
  const giver = input.change === "enable" && rows.length > 0 ? await findGiver() : null;
  if (giver) demand(giver, "tokens:manage");
  const decisions = rows.map((row) => decide(who, giver, row, input));
  const changed = decisions.filter(({ outcome }) => outcome === "changed");
  // Only an actor that is locked decides about a refusal, since they may have been given more since they were verified.
  if (giver?.asOf && decisions.some(({ outcome }) => outcome === "refused")) throw new Contended();
  const changing = changed.map(({ row }) => row);
  if (input.change === "remove") await deleteTokens(run, who, who.userId, changing);
  else
    await updateTokens(
      run,
      who,
      giver,
      changed.flatMap((decision) => editOf(who, decision)),
    );
  return new Map(decisions.map((decision) => [decision.row.id, decision]));
}

function decide(who: Actor, giver: GivingActor | null, row: TokenRow, input: TimedChanges): Decision {
  const detail = refusalOf(who, row, input) ?? (giver && givingRefusalOf(giver, row, input));
  if (detail !== null) return { row, detail, outcome: "refused", after: row };
  const outcome = outcomeOf(who, row, input);
  if (input.change === "remove") return { row, detail, outcome, after: null };
  const enabled = input.change === "enable";
  const expiresAt = (enabled && needsNewExpiration(row, who.now) && input.expiresAt) || row.expiresAt;
  return { row, detail, outcome, after: outcome === "changed" ? { ...row, enabled, expiresAt } : row };
}

function editOf(who: Actor, { row, after }: Decision): Edit[] {
  if (!after) return [];
  const switches = ({ enabled, expiresAt }: TokenRow) => ({ enabled, expiresAt: expiresAt.toISOString() });
  const changed = changedFields(switches(row), switches(after));
  const event = { action: after.enabled ? "token.enable" : "token.disable", subject: subjectOf(who.userId, row) };
  return changed ? [{ row, after: settingsOf(after), event: { ...event, ...changed } }] : [];
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
async function otherSessionIds(who: Actor): Promise<string[]> {
  const rows = await read<{ id: string }>(Prisma.sql`
    SELECT t.id FROM tokens t
    WHERE ${ownedBy(who)} AND t.kind = 'session' AND t.expires_at > ${who.now}::timestamptz AND t.id <> ${who.token.id}::uuid
    ORDER BY t.id`);
  return rows.map(({ id }) => id);
}

function refusalOf(who: Actor, row: TokenRow, { change, matching, expiresAt }: TimedChanges): string | null {
  if (matching && row.id === who.token.id && change !== "enable") return refusals.asksItself;
  if (change === "remove") return null;
  if (!maySwitch(row, who.now)) return refusals.sessionIsOver;
  if (change === "enable" && needsNewExpiration(row, who.now) && !expiresAt) return refusals.newExpirationNeeded;
  return null;
}

/** Why the actor may not enable a token, as {@link demandMayGive} refuses it for one; null when they may. */
function givingRefusalOf(acting: GivingActor, row: TokenRow, input: TimedChanges): string | null {
  if (outcomeOf(acting, row, input) === "unchanged") return null;
  const permission = givenBeyond(acting, row);
  if (permission !== null) return refusals.givenMore(permission);
  if (!input.expiresAt || !needsNewExpiration(row, acting.now)) return null;
  const latest = expirationBeyond(acting, input.expiresAt);
  return latest && refusals.outlives(latest);
}

function outcomeOf(who: Actor, row: TokenRow, { change }: TimedChanges): "changed" | "unchanged" {
  if (change === "remove") return "changed";
  const isUnchanged = change === "enable" ? stateOf(row, who.now) === "active" : !row.enabled;
  return isUnchanged ? "unchanged" : "changed";
}
