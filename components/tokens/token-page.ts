import type { TokenCount, TokenKind, TokenMatch } from "@/lib/tokens/schema";
import type { ListedToken } from "./listed-token";

/** The tokens of one table, and the cursor of its next page. */
export interface TokenPage {
  items: ListedToken[];
  nextCursor: string | null;
  /** How many there are on all its pages. */
  total: TokenCount;
  /** Finds all of them as they were at `asOf` (RFC 3339). */
  match: TokenMatch & { kind: TokenKind };
  asOf: string;
}

/** A `TokenPage` as one text. React walks through each property of an object on its way to the browser, on both sides. */
export type PackedTokenPage = string & { packed: TokenPage };

export const packTokenPage = (page: TokenPage) => JSON.stringify(page) as PackedTokenPage;
