import type { Prisma } from "../generated/prisma/client";
import { containsText } from "../search";
import type { TokenKind, TokenMatch } from "./schema";

/** The condition for tokens that match a filter, by their states at that time. */
export function whereMatching({ state, q }: Omit<TokenMatch, "kind">, at: Date): Prisma.TokenWhereInput {
  return { AND: [state ? whereState(state, at) : {}, q ? whereText(q) : {}] };
}

function whereState(state: NonNullable<TokenMatch["state"]>, at: Date): Prisma.TokenWhereInput {
  if (state === "expired") return { expiresAt: { lte: at } };
  const notExpired = { expiresAt: { gt: at } };
  return state === "active" ? notExpired : { ...notExpired, enabled: state === "enabled" };
}

/** A search also finds the hint as the list shows it (`tsa_…x7Qp`, `x7Qp`). */
function whereText(q: string): Prisma.TokenWhereInput {
  const [, letter, lastFour = ""] = /^ts([as])_(?:…|\.{3})?(.{0,4})$/u.exec(q) ?? [];
  const kind: TokenKind = letter === "a" ? "api" : "session";
  return {
    OR: [
      { name: containsText(q) },
      { description: containsText(q) },
      { lastFour: containsText(q) },
      ...(letter ? [{ kind, lastFour: containsText(lastFour) }] : []),
    ],
  };
}
