import { historyOfOwn } from "../audit/queries";
import type { AuditEventView } from "../audit/schema";
import { type Run, read } from "../db";
import { notFound, unauthenticated } from "../errors";
import { Prisma } from "../generated/prisma/client";
import { type Page, pageOf } from "../paging";
import { type Actor, demand } from "../permissions/actor";
import { effectivePermissions } from "../permissions/effective";
import { allOf, whereMatching } from "./filter";
import { cursorOf, orderOf, rangesAfter } from "./order";
import {
  countedTokensMax,
  type PresentedTokenView,
  type TokenCount,
  type TokenFilter,
  type TokenKind,
  type TokenMatch,
  type TokenView,
  tokenKind,
} from "./schema";
import { type ShownToken, type TokenRow, tokensSql, viewOf } from "./view";

/** Every read and change of tokens starts with this condition on `tokens t`: people see only their own (design 3.1.1). */
export const ownedBy = (who: Actor) => Prisma.sql`t.owner_id = ${who.userId}::uuid`;

/** The same condition with these ids. */
export const ownedAmong = (who: Actor, ids: readonly string[]) => Prisma.sql`${ownedBy(who)} AND ${hasIdAmong(ids)}`;

/** One id is compared without an array. Any array counts as ten ids in a plan that is kept, which then seems dearer than to
 * plan the statement again at each execution. */
export const hasIdAmong = (ids: readonly string[]) =>
  ids.length === 1 ? Prisma.sql`t.id = ${ids[0]}::uuid` : Prisma.sql`t.id = ANY (${ids}::uuid[])`;

/** Refuses `forbidden` without `tokens:manage`, and `invalid` on a `cursor` of another list. */
export async function listTokens(who: Actor, filter: TokenFilter): Promise<Page<TokenView>> {
  demand(who, "tokens:manage");
  const { kind, sort, limit, cursor } = filter;
  const order = orderOf(sort);
  const ranges = cursor === undefined ? [] : rangesAfter(sort, cursor);
  const kinds = kind ? [kind] : tokenKind.options;
  // The ids come from the indexes alone, and only the rows of the page are read. Each kind has its own part of an index.
  const candidates = kinds.flatMap((kind) =>
    (ranges.length === 0 ? [Prisma.sql`true`] : ranges).map((range) => {
      const which = allOf([ownedBy(who), ofKind(kind), whereMatching(filter, who.now), range]);
      return Prisma.sql`(SELECT t.id FROM tokens t WHERE ${which} ORDER BY ${order} LIMIT ${limit + 1}::int)`;
    }),
  );
  const which = Prisma.sql`t.id = ANY (ARRAY(${Prisma.join(candidates, " UNION ALL ")}))`;
  // A search is planned by its text each time.
  const isPrepared = filter.q === undefined;
  const rows = await read<TokenRow>(Prisma.sql`${tokensSql(which, order)} LIMIT ${limit + 1}::int`, { isPrepared });
  return pageOf(
    rows,
    limit,
    (row) => cursorOf(sort, row),
    (row) => viewOf(who, row),
  );
}

const ofKind = (kind: TokenKind) => Prisma.sql`t.kind = ${kind}::token_kind`;

/** Counts the actor's own tokens that match, up to `countedTokensMax`. */
export async function countTokens(who: Actor, { kind, ...filter }: TokenMatch): Promise<TokenCount> {
  demand(who, "tokens:manage");
  const which = allOf([ownedBy(who), ...(kind ? [ofKind(kind)] : []), whereMatching(filter, who.now)]);
  const [{ count } = { count: 0 }] = await read<{ count: number }>(
    Prisma.sql`
    SELECT count(*)::int AS count FROM (
      SELECT FROM tokens t WHERE ${which} ORDER BY ${orderOf("expiresAt")} LIMIT ${countedTokensMax + 1}::int
    ) AS counted`,
    { isPrepared: filter.q === undefined },
  );
  return { count: Math.min(count, countedTokensMax), isMore: count > countedTokensMax };
}

/** Refuses `not-found`, also for a malformed id, and `forbidden` without `tokens:manage`. */
export async function getToken(who: Actor, id: string): Promise<TokenView> {
  demand(who, "tokens:manage");
  return viewOf(who, await findOwn(who, id));
}

/** The token's audit events, newest first, also after its removal. Refuses like {@link getToken}. */
export async function tokenHistory(
  who: Actor,
  id: string,
  page: { limit: number; cursor?: string },
): Promise<Page<AuditEventView>> {
  demand(who, "tokens:manage");
  if (!isTokenId(id)) throw notFound();
  return historyOfOwn(who, { type: "token", id: id.toLowerCase() }, page);
}

/** The token that authenticated the request, and what it may do. Every token may read this. Refuses `unauthenticated` when
 * it was removed since the request arrived. */
export async function presentedToken(who: Actor): Promise<PresentedTokenView> {
  const [row] = await findAmong(read, who, [who.token.id]);
  if (!row) throw unauthenticated("invalid");
  return presentedViewOf(who, row, effectivePermissions(who));
}

/** The same of a row that was read elsewhere. */
export function presentedViewOf(who: Actor, row: ShownToken, effective: string[]): PresentedTokenView {
  return Object.assign(viewOf(who, row), { owner: { userName: who.userName }, effectivePermissions: effective });
}

async function findOwn(who: Actor, id: string): Promise<TokenRow> {
  const [row] = await findAmong(read, who, [id]);
  if (!row) throw notFound();
  return row;
}

/** The actor's own tokens among these ids, which may be malformed, in order of id. */
export async function findAmong(run: Run, who: Actor, ids: readonly string[]): Promise<TokenRow[]> {
  const known = ids.filter(isTokenId);
  return known.length === 0 ? [] : run(tokensSql(ownedAmong(who, known)));
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The database refuses to compare text of another form with ids. */
export const isTokenId = (id: string) => uuid.test(id);
