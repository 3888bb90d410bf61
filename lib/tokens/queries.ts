import { historyOfOwn } from "../audit/queries";
import type { AuditEventView } from "../audit/schema";
import { db, type Tx } from "../db";
import { notFound } from "../errors";
import { Prisma } from "../generated/prisma/client";
import { type Page, pageOf } from "../paging";
import { type Actor, demand } from "../permissions/actor";
import { effectivePermissions } from "../permissions/effective";
import { whereMatching } from "./filter";
import { cursorOf, orderOf, orderSqlOf, rangesAfter } from "./order";
import {
  countedTokensMax,
  type PresentedTokenView,
  type TokenCount,
  type TokenFilter,
  type TokenMatch,
  type TokenView,
  tokenKind,
} from "./schema";
import { readTokens, type TokenRow, viewOf } from "./view";

/** Every read and change of tokens starts with this condition: people see only their own (design 3.1.1). */
export const ownedBy = (who: Actor) => ({ ownerId: who.userId }) satisfies Prisma.TokenWhereInput;

/** The same condition with these ids, on `tokens t`. */
export const ownedAmong = (who: Actor, ids: readonly string[]) =>
  Prisma.sql`t.owner_id = ${who.userId}::uuid AND t.id = ANY (${ids}::uuid[])`;

/** Refuses `forbidden` without `tokens:manage`, and `invalid` on a `cursor` of another list. */
export async function listTokens(who: Actor, filter: TokenFilter): Promise<Page<TokenView>> {
  demand(who, "tokens:manage");
  const { kind, sort, limit, cursor } = filter;
  const ranges = cursor === undefined ? [{}] : rangesAfter(sort, cursor);
  const kinds = kind ? [kind] : tokenKind.options;
  // The ids come from the indexes alone, and only the rows of the page are read. Each kind has its own part of an index.
  const candidates = await Promise.all(
    kinds.flatMap((kind) =>
      ranges.map((range) =>
        db.token.findMany({
          where: { AND: [ownedBy(who), { kind }, whereMatching(filter, who.now), range] },
          select: { id: true },
          orderBy: orderOf(sort),
          take: limit + 1,
        }),
      ),
    ),
  );
  const ids = candidates.flat().map(({ id }) => id);
  const rows = await readTokens(db, ownedAmong(who, ids), orderSqlOf(sort));
  return pageOf(
    rows,
    limit,
    (row) => cursorOf(sort, row),
    (row) => viewOf(who, row),
  );
}

/** Counts the actor's own tokens that match, up to `countedTokensMax`. */
export async function countTokens(who: Actor, { kind, ...filter }: TokenMatch): Promise<TokenCount> {
  demand(who, "tokens:manage");
  const count = await db.token.count({
    where: { AND: [ownedBy(who), { kind }, whereMatching(filter, who.now)] },
    // By default Prisma counts in order of id, for which PostgreSQL reads everybody's tokens.
    orderBy: orderOf("expiresAt"),
    take: countedTokensMax + 1,
  });
  return { count: Math.min(count, countedTokensMax), isMore: count > countedTokensMax };
}

/** Refuses `not-found`, also for a malformed id, and `forbidden` without `tokens:manage`. */
export async function getToken(who: Actor, id: string): Promise<TokenView> {
  demand(who, "tokens:manage");
  return viewOf(who, await findOwn(db, who, id));
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

/** The token that authenticated the request, and what it may do. Every token may read this. */
export const presentedToken = async (who: Actor): Promise<PresentedTokenView> =>
  presentedViewOf(who, await findOwn(db, who, who.token.id), effectivePermissions(who));

/** The same of a row that was read elsewhere. */
export function presentedViewOf(who: Actor, row: TokenRow, effective: string[]): PresentedTokenView {
  return Object.assign(viewOf(who, row), { owner: { userName: who.userName }, effectivePermissions: effective });
}

/** Refuses `not-found` unless the token is the actor's own. */
export async function findOwn(tx: Tx, who: Actor, id: string): Promise<TokenRow> {
  const [row] = isTokenId(id) ? await readTokens(tx, ownedAmong(who, [id])) : [];
  if (!row) throw notFound();
  return row;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The database refuses to compare text of another form with ids. */
export const isTokenId = (id: string) => uuid.test(id);
