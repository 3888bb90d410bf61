import type { TokenCount, TokenKind, TokenMatch, TokenView } from "@/lib/tokens/schema";

/** The tokens of one table, and the cursor of its next page. */
export interface TokenPage {
  items: TokenView[];
  nextCursor: string | null;
  /** How many there are on all its pages, and what finds them as they were at `asOf` (RFC 3339). */
  total: TokenCount;
  match: TokenMatch & { kind: TokenKind };
  asOf: string;
}
