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

/** Every read and change of a token starts here: people see their own and nobody else's (design 3.1.1). */
export const ownedBy = (who: Actor) => ({ ownerId: who.userId }) satisfies Prisma.TokenWhereInput;

/** The same of certain ids, for a statement of our own on `tokens t`. */
export const ownedAmong = (who: Actor, ids: readonly string[]) =>
  Prisma.sql`t.owner_id = ${who.userId}::uuid AND t.id = ANY (${ids}::uuid[])`;

/**
 * The actor's own tokens, a page at a time.
 *
 * @throws Refusal `forbidden` for a token without `tokens:manage`, `invalid` for a cursor of another list.
 */
export async function listTokens(who: Actor, filter: TokenFilter): Promise<Page<TokenView>> {
  demand(who, "tokens:manage");
  const { kind, sort, limit, cursor } = filter;
  const ranges = cursor === undefined ? [{}] : rangesAfter(sort, cursor);
  const kinds = kind ? [kind] : tokenKind.options;
  // Which tokens, from the indexes alone; only those of the page are then read. Each kind has an order of its own in there.
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

/**
 * How many of the actor's own tokens a filter finds: exactly, up to the most that are worth counting; beyond, only that there
 * are more.
 */
export async function countTokens(who: Actor, { kind, ...filter }: TokenMatch): Promise<TokenCount> {
  demand(who, "tokens:manage");
  const counted = await db.token.count({
    where: { AND: [ownedBy(who), { kind }, whereMatching(filter, who.now)] },
    // Left alone, Prisma has them counted in order of id, for which the database walks past everybody else's.
    orderBy: orderOf("expiresAt"),
    take: countedTokensMax + 1,
  });
  return { count: Math.min(counted, countedTokensMax), isMore: counted > countedTokensMax };
}

/** @throws Refusal `not-found` for another's, an unknown and a malformed id alike; `forbidden` without `tokens:manage`. */
export async function getToken(who: Actor, id: string): Promise<TokenView> {
  demand(who, "tokens:manage");
  return viewOf(who, await findOwn(db, who, id));
}

/** What happened to a token, the newest first; readable after it was removed. @throws Refusal like {@link getToken}. */
export async function tokenHistory(
  who: Actor,
  id: string,
  page: { limit: number; cursor?: string },
): Promise<Page<AuditEventView>> {
  demand(who, "tokens:manage");
  if (!isTokenId(id)) throw notFound();
  return historyOfOwn(who, { type: "token", id: id.toLowerCase() }, page);
}

/** The token that asks: what it is and may do. Open to every token. */
export async function presentedToken(who: Actor): Promise<PresentedTokenView> {
  const view = viewOf(who, await findOwn(db, who, who.token.id));
  return { ...view, owner: { userName: who.userName }, effectivePermissions: effectivePermissions(who) };
}

/** One of the actor's own. @throws Refusal `not-found`. */
export async function findOwn(tx: Tx, who: Actor, id: string): Promise<TokenRow> {
  const [row] = isTokenId(id) ? await readTokens(tx, ownedAmong(who, [id])) : [];
  if (!row) throw notFound();
  return row;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Could this be the id of a token? One that cannot is not asked of the database, and not found. */
export const isTokenId = (id: string) => uuid.test(id);
