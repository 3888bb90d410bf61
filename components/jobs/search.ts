import { createLoader, createSerializer, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { timesOf } from "@/components/data-table/day-range";
import type { JobSelection } from "@/lib/jobs/schema";
import { normalizeText, sanitizeSearch } from "@/lib/text";
import { statuses } from "./job-status";

/** The search parameters of the jobs page. `from` and `to` are days in UTC like `2026-01-31`; the last day is included. */
export const jobSearch = {
  q: parseAsString.withDefault(""),
  status: parseAsStringLiteral(statuses),
  repository: parseAsString,
  workspace: parseAsString,
  app: parseAsString,
  user: parseAsString,
  from: parseAsString,
  to: parseAsString,
  after: parseAsString,
};

export const loadJobSearch = createLoader(jobSearch);

export type JobSearch = Awaited<ReturnType<typeof loadJobSearch>>;

const serialize = createSerializer(jobSearch);

/** Returns the URL of the jobs page with these search parameters. */
export const jobsHref = (search: Partial<JobSearch> = {}) => serialize("/jobs", search);

/** Whether the page shows less than all jobs. */
export const isFiltered = ({ after: _, ...filters }: JobSearch) => Object.values(filters).some(Boolean);

/** Converts the search parameters to the filters of the API. Characters that the fields do not accept are removed. */
export const selectionOf = ({ q, repository, workspace, app, user, from, to }: JobSearch): JobSelection => ({
  q: sanitizeSearch(q) || undefined,
  repository: repository === null ? undefined : normalizeText(repository),
  workspace: workspace === null ? undefined : normalizeText(workspace),
  app: app ?? undefined,
  submittedBy: user === null ? undefined : sanitizeSearch(user, 64) || undefined,
  ...timesOf({ from, to }),
});
