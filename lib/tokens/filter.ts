import { Prisma } from "../generated/prisma/client";
import { patternOf } from "../search";
import type { TokenKind, TokenMatch } from "./schema";

/** The condition on `tokens t` for those that match a filter, by their states at that time. */
export function whereMatching({ state, q }: Omit<TokenMatch, "kind">, at: Date): Prisma.Sql {
  return allOf([...(state ? [whereState(state, at)] : []), ...(q ? [whereText(q)] : [])]);
}

export const allOf = (conditions: readonly Prisma.Sql[]): Prisma.Sql =>
  conditions.length === 0 ? Prisma.sql`true` : Prisma.join([...conditions], " AND ");

function whereState(state: NonNullable<TokenMatch["state"]>, at: Date): Prisma.Sql {
  if (state === "expired") return Prisma.sql`t.expires_at <= ${at}::timestamptz`;
  const notExpired = Prisma.sql`t.expires_at > ${at}::timestamptz`;
  if (state === "active") return notExpired;
  return state === "enabled" ? Prisma.sql`${notExpired} AND t.enabled` : Prisma.sql`${notExpired} AND NOT t.enabled`;
}

/** A search also finds the hint as the list shows it (`tsa_…x7Qp`, `x7Qp`). */
function whereText(q: string): Prisma.Sql {
  const [, letter, lastFour = ""] = /^ts([as])_(?:…|\.{3})?(.{0,4})$/u.exec(q) ?? [];
  const kind: TokenKind = letter === "a" ? "api" : "session";
  const pattern = patternOf(q);
  const byHint = letter
    ? Prisma.sql`OR (t.kind = ${kind}::token_kind AND t.last_four ILIKE ${patternOf(lastFour)})`
    : Prisma.empty;
  return Prisma.sql`(t.name ILIKE ${pattern} OR t.description ILIKE ${pattern} OR t.last_four ILIKE ${pattern} ${byHint})`;
}
