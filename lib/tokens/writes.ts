import { type AuditEntry, insertEventsSql } from "../audit/record";
import { isForeignKeyViolation, isUniqueViolation, type Run } from "../db";
import { conflict } from "../errors";
import { Prisma } from "../generated/prisma/client";
import { claimKeySql, type IdempotentRequest } from "../idempotency";
import { makeId } from "../ids";
import type { Actor } from "../permissions/actor";
import { grantRowsSql, noSuchPermission, removedItem } from "../permissions/grants";
import type { Secret } from "../secret";
import { Contended, type GivingActor, unchangedSql } from "./actor-check";
import { auditSnapshot, type Settings, subjectOf } from "./audit";
import { hasIdAmong } from "./queries";
import type { NewToken } from "./schema";
import { digestOf, lastFourOf } from "./value";
import type { TokenRow } from "./view";

// Each change is one statement with its audit events. It has no effect when a token, or the actor who gives something, is
// no longer as the decision knew them, or is being changed.

export interface Insertion {
  input: NewToken;
  value: Secret;
  appId?: string | null;
  /** Its key is claimed and settled. */
  request?: IdempotentRequest | null;
}

/** Inserts an API token. Refuses `invalid` on `permissions` and `conflict` on `name`. Throws Contended, also when the
 * key was used before. */
export async function insertToken(run: Run, who: GivingActor, insertion: Insertion): Promise<TokenRow> {
  const { input, value, appId = null, request = null } = insertion;
  const { permissions: given = [], ...fields } = input;
  const settings = { ...fields, permissions: [...new Set(given)].sort() };
  const row = newRow(who, settings, value);
  const event = { action: "token.create", subject: subjectOf(who.userId, row), after: auditSnapshot(settings) };
  const claim = request && claimKeySql(request, row.id, who.now, "ready");
  const statement = Prisma.sql`
    WITH acting AS (${unchangedSql(who)}),
    given AS (${grantRowsSql(given)}),
    ready AS (SELECT FROM acting WHERE NOT EXISTS (SELECT FROM given WHERE missing IS NOT NULL)),
    ${claim ? Prisma.sql`${claim},` : Prisma.empty}
    written AS (
      INSERT INTO tokens (
        id, owner_id, kind, name, description, digest, last_four, enabled, all_permissions, in_url,
        created_at, created_address, created_agent, expires_at, app_id
      )
      SELECT ${row.id}::uuid, ${who.userId}::uuid, 'api'::token_kind, ${row.name}, ${row.description},
        ${digestOf(value.reveal())}::bytea, ${row.lastFour}, ${row.enabled}::boolean, ${row.allPermissions}::boolean,
        ${row.inUrl}::boolean, ${who.now}::timestamptz, ${who.ip}, ${who.agent}, ${row.expiresAt}::timestamptz,
        ${appId}::uuid
      FROM ${claim ? Prisma.sql`claimed` : Prisma.sql`ready`}
      RETURNING id
    ),
    ${given.length > 0 ? Prisma.sql`grants_written AS (${insertGrantsSql(row.id, "written")}),` : Prisma.empty}
    events_written AS (${insertEventsSql(who, [event], "written")})
    SELECT count(*)::int AS count, (SELECT missing FROM given WHERE missing IS NOT NULL LIMIT 1) AS missing FROM written`;
  await writeAll(run, statement, 1);
  return row;
}

const newRow = (who: Actor, settings: Settings, value: Secret): TokenRow => ({
  ...settings,
  id: makeId(),
  kind: "api",
  lastFour: lastFourOf(value),
  createdAt: who.now,
  lastUsedAt: null,
  lastUsedAddress: null,
  lastUsedAgent: null,
  app: null,
  version: "",
});

/** Inserts the rows of `given` that the token does not have yet. */
const insertGrantsSql = (tokenId: string, ready: string): Prisma.Sql => Prisma.sql`
  INSERT INTO grants (id, token_id, resource, action, repository_id, workspace_id, app_id)
  SELECT g.id, ${tokenId}::uuid, g.resource, g.action, g.repository_id, g.workspace_id, g.app_id FROM given g
  WHERE EXISTS (SELECT FROM ${Prisma.raw(ready)}) AND NOT EXISTS (
    SELECT FROM grants has WHERE has.token_id = ${tokenId}::uuid AND ${isSameGrant(Prisma.sql`has`)}
  )`;

const isSameGrant = (other: Prisma.Sql) => Prisma.sql`
  (g.resource, g.action, g.repository_id, g.workspace_id, g.app_id)
    IS NOT DISTINCT FROM (${other}.resource, ${other}.action, ${other}.repository_id, ${other}.workspace_id, ${other}.app_id)`;

/** An edit of a token, and the event that records it. */
export interface Edit {
  row: TokenRow;
  after: Settings;
  event: AuditEntry;
}

/** Writes settings other than the permissions of tokens of one owner. `giver` is who gives something, if anybody does.
 * Refuses `conflict` on `name`. Throws Contended. */
export async function updateTokens(run: Run, who: Actor, giver: GivingActor | null, edits: readonly Edit[]) {
  if (edits.length === 0) return;
  const rows = edits.map(({ row }) => row);
  const events = edits.map(({ event }) => event);
  const statement = Prisma.sql`
    WITH ${lockSql(who.userId, rows, Prisma.sql`NO KEY UPDATE`)},
    acting AS (${giver ? unchangedSql(giver) : Prisma.sql`SELECT`}),
    ready AS (SELECT FROM acting, all_locked),
    written AS (${updateSql(edits)}),
    events_written AS (${insertEventsSql(who, events, "written")})
    SELECT count(*)::int AS count FROM written`;
  await writeAll(run, statement, rows.length);
}

/** Writes settings of a token with its permissions. Refuses also `invalid` on `permissions`. Throws Contended. */
export async function updateTokenWithGrants(run: Run, who: Actor, giver: GivingActor | null, edit: Edit) {
  const { row, after, event } = edit;
  const statement = Prisma.sql`
    WITH ${lockSql(who.userId, [row], Prisma.sql`NO KEY UPDATE`)},
    acting AS (${giver ? unchangedSql(giver) : Prisma.sql`SELECT`}),
    given AS (${grantRowsSql(after.permissions)}),
    ready AS (SELECT FROM acting, all_locked WHERE NOT EXISTS (SELECT FROM given WHERE missing IS NOT NULL)),
    written AS (${updateSql([edit])}),
    grants_removed AS (
      DELETE FROM grants had USING ready
      WHERE had.token_id = ${row.id}::uuid AND NOT EXISTS (SELECT FROM given g WHERE ${isSameGrant(Prisma.sql`had`)})
    ),
    grants_written AS (${insertGrantsSql(row.id, "ready")}),
    events_written AS (${insertEventsSql(who, [event], "written")})
    SELECT count(*)::int AS count, (SELECT missing FROM given WHERE missing IS NOT NULL LIMIT 1) AS missing FROM written`;
  await writeAll(run, statement, 1);
}

/** Deletes tokens of one owner, and records their last settings. Throws Contended. */
export async function deleteTokens(run: Run, who: Actor, ownerId: string, rows: readonly TokenRow[]): Promise<void> {
  if (rows.length === 0) return;
  const events = rows.map((row) => ({
    action: "token.remove",
    subject: subjectOf(ownerId, row),
    before: auditSnapshot(row),
  }));
  const statement = Prisma.sql`
    WITH ${lockSql(ownerId, rows, Prisma.sql`UPDATE`)},
    written AS (DELETE FROM tokens t USING all_locked WHERE ${isAmong(rows)} RETURNING t.id),
    events_written AS (${insertEventsSql(who, events, "written")})
    SELECT count(*)::int AS count FROM written`;
  await writeAll(run, statement, rows.length);
}

/** `all_locked` has a row when none of the rows has been written since it was read, nor is being changed. Nothing is
 * waited for, so that two such statements cannot deadlock. */
const lockSql = (ownerId: string, rows: readonly TokenRow[], strength: Prisma.Sql): Prisma.Sql => Prisma.sql`
  locked AS (
    SELECT t.id FROM tokens t WHERE ${isAmong(rows)} AND t.owner_id = ${ownerId}::uuid AND ${isUnchanged(rows)}
    FOR ${strength} OF t SKIP LOCKED
  ),
  all_locked AS (SELECT WHERE (SELECT count(*) FROM locked) = ${rows.length}::int)`;

const isAmong = (rows: readonly TokenRow[]) => hasIdAmong(idsOf(rows));

const isUnchanged = (rows: readonly TokenRow[]) =>
  rows.length === 1
    ? Prisma.sql`t.xmin::text = ${rows[0]?.version}`
    : Prisma.sql`(t.id, t.xmin::text) IN (
        SELECT * FROM unnest(${idsOf(rows)}::uuid[], ${rows.map(({ version }) => version)}::text[])
      )`;

const idsOf = (rows: readonly TokenRow[]) => rows.map(({ id }) => id);

const updateSql = (edits: readonly Edit[]) => Prisma.sql`
  UPDATE tokens t
  SET name = s.name, description = s.description, expires_at = s."expiresAt", enabled = s.enabled,
    all_permissions = s."allPermissions", in_url = s."inUrl"
  FROM ready, ${settingsSql(edits)}
  WHERE ${isAmong(edits.map(({ row }) => row))} AND t.id = s.id
  RETURNING t.id`;

/** The values of one row are parameters, because PostgreSQL takes longer to read them from JSON. */
function settingsSql(edits: readonly Edit[]): Prisma.Sql {
  const settings = edits.map(({ row, after }) => ({ ...after, id: row.id }));
  const [only, ...others] = settings;
  if (only && others.length === 0) {
    return Prisma.sql`(
      SELECT ${only.id}::uuid AS id, ${only.name}::text AS name, ${only.description}::text AS description,
        ${only.expiresAt}::timestamptz AS "expiresAt", ${only.enabled}::boolean AS enabled,
        ${only.allPermissions}::boolean AS "allPermissions", ${only.inUrl}::boolean AS "inUrl"
    ) AS s`;
  }
  return Prisma.sql`jsonb_to_recordset(${JSON.stringify(settings)}::jsonb) AS s (
    id uuid, name text, description text, "expiresAt" timestamptz, enabled boolean, "allPermissions" boolean, "inUrl" boolean
  )`;
}

/** Only the constraints of the database decide between concurrent writes of a name, and about items that are removed. */
async function writeAll(run: Run, statement: Prisma.Sql, count: number): Promise<void> {
  try {
    const [written] = await run<{ count: number; missing?: string | null }>(statement);
    if (written?.missing) throw noSuchPermission(written.missing);
    if (written?.count !== count) throw new Contended();
  } catch (error) {
    if (isUniqueViolation(error)) {
      throw conflict("You already have an API token with this name. Choose another.", "name");
    }
    throw isForeignKeyViolation(error) ? removedItem() : error;
  }
}
