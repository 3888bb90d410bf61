import { createLoader, createSerializer, parseAsString, parseAsStringLiteral } from "nuqs/server";

/** The state of the users page in the URL. */
export const userSearch = {
  q: parseAsString.withDefault(""),
  state: parseAsStringLiteral(["enabled", "disabled"]),
  after: parseAsString,
};

export const loadUserSearch = createLoader(userSearch);

export type UserSearch = Awaited<ReturnType<typeof loadUserSearch>>;

const serialize = createSerializer(userSearch);

/** The URL of the users page with this state. */
export const usersHref = (search: Partial<UserSearch> = {}) => serialize("/admin/users", search);

export const userHref = (userName: string) => `/admin/users/${encodeURIComponent(userName)}`;
