import { createLoader, createSerializer, parseAsString, parseAsStringLiteral } from "nuqs/server";

/** What of the page of accounts lies in its URL. */
export const userSearch = {
  q: parseAsString.withDefault(""),
  state: parseAsStringLiteral(["enabled", "disabled"]),
  after: parseAsString,
};

export const loadUserSearch = createLoader(userSearch);

export type UserSearch = Awaited<ReturnType<typeof loadUserSearch>>;

const serialize = createSerializer(userSearch);

/** The address of the page of accounts with these search values. */
export const usersHref = (search: Partial<UserSearch> = {}) => serialize("/admin/users", search);

export const userHref = (userName: string) => `/admin/users/${encodeURIComponent(userName)}`;
