import type { Prisma } from "../generated/prisma/client";
import { containing } from "../search";
import type { TokenKind, TokenMatch } from "./schema";

/** What of a person's tokens a filter finds, in the states they are in at this moment. */
export function matching({ state, q }: Omit<TokenMatch, "kind">, at: Date): Prisma.TokenWhereInput {
  return { AND: [state ? inState(state, at) : {}, q ? found(q) : {}] };
}

function inState(state: NonNullable<TokenMatch["state"]>, at: Date): Prisma.TokenWhereInput {
  if (state === "expired") return { expiresAt: { lte: at } };
  const notExpired = { expiresAt: { gt: at } };
  return state === "active" ? notExpired : { ...notExpired, enabled: state === "enabled" };
}

/** Name, description, or the hint as the list shows it (`tsa_…x7Qp`, `x7Qp`). */
function found(q: string): Prisma.TokenWhereInput {
  const [, letter, lastFour = ""] = /^ts([as])_(?:…|\.{3})?(.{0,4})$/u.exec(q) ?? [];
  const kind: TokenKind = letter === "a" ? "api" : "session";
  return {
    OR: [
      { name: containing(q) },
      { description: containing(q) },
      { lastFour: containing(q) },
      ...(letter ? [{ kind, lastFour: containing(lastFour) }] : []),
    ],
  };
}
