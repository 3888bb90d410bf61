import { createLoader, createSerializer, parseAsString, parseAsStringLiteral } from "nuqs/server";
import type { TokenSort } from "@/lib/tokens/schema";

/** The orders on offer, by name. */
export const tokenSorts = {
  "-createdAt": "Newest first",
  createdAt: "Oldest first",
  name: "Name, A to Z",
  "-name": "Name, Z to A",
  expiresAt: "Expires soonest",
  "-expiresAt": "Expires latest",
  "-lastUsed": "Recently used",
  lastUsed: "Least recently used",
} as const satisfies Record<TokenSort, string>;

const sorts = Object.keys(tokenSorts) as TokenSort[];

/** What of Manage Tokens lies in its URL. Both tables of a tab share the search and the order, each has its own page. */
export const tokenSearch = {
  tab: parseAsStringLiteral(["api", "session"]).withDefault("api"),
  q: parseAsString.withDefault(""),
  state: parseAsStringLiteral(["active", "enabled", "disabled"]).withDefault("active"),
  sort: parseAsStringLiteral(sorts).withDefault("-createdAt"),
  after: parseAsString,
  expiredAfter: parseAsString,
};

export const loadTokenSearch = createLoader(tokenSearch);

export type TokenSearch = Awaited<ReturnType<typeof loadTokenSearch>>;

const serialize = createSerializer(tokenSearch);

/** The address of Manage Tokens with these search values. */
export const manageTokensHref = (search: Partial<TokenSearch> = {}) => serialize("/settings/tokens", search);

/** The same search in another order: from its first page, since a cursor belongs to one order. */
export const sortedHref = (search: TokenSearch) => (sort: string) =>
  manageTokensHref({ ...search, sort: sorts.find((each) => each === sort), after: null, expiredAfter: null });
