import { createLoader, createSerializer, parseAsString, parseAsStringLiteral } from "nuqs/server";
import type { AppSort } from "@/lib/apps/schema";

/** The sort orders and their titles. */
export const appSorts = {
  "-createdAt": "Newest first",
  createdAt: "Oldest first",
  name: "Name, A to Z",
  "-name": "Name, Z to A",
  expiresAt: "Expires soonest",
  "-expiresAt": "Expires latest",
  "-runs": "Most runs",
  runs: "Fewest runs",
  "-lastRunAt": "Most recently run",
  lastRunAt: "Least recently run",
} as const satisfies Record<AppSort, string>;

const sorts = Object.keys(appSorts) as AppSort[];

/** The state of the apps page in the URL. */
export const appSearch = {
  q: parseAsString.withDefault(""),
  sort: parseAsStringLiteral(sorts).withDefault("-createdAt"),
  after: parseAsString,
};

export const loadAppSearch = createLoader(appSearch);

export type AppSearch = Awaited<ReturnType<typeof loadAppSearch>>;

const serialize = createSerializer(appSearch);

/** The URL of the apps page with this state. */
export const appsHref = (search: Partial<AppSearch> = {}) => serialize("/apps", search);

/** The URL with another order, from the first page, because a cursor belongs to one order. */
export const sortedAppsHref = (search: AppSearch) => (sort: string) =>
  appsHref({ ...search, sort: sorts.find((each) => each === sort), after: null });
