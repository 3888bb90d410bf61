import { createLoader, createSerializer, parseAsString, parseAsStringLiteral } from "nuqs/server";
import type { TokenSort } from "@/lib/tokens/schema";

/** The sort orders and their titles. */
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

/** The state of Manage Tokens in the URL. Both tables of a tab share search and order; each has its own page. */
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

/** The URL of Manage Tokens with this state. */
export const manageTokensHref = (search: Partial<TokenSearch> = {}) => serialize("/settings/tokens", search);

/** The URL with another order, from the first page, because a cursor belongs to one order. */
export const sortedHref = (search: TokenSearch) => (sort: string) =>
  manageTokensHref({ ...search, sort: sorts.find((each) => each === sort), after: null, expiredAfter: null });
