import { createLoader, createSerializer, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { statuses } from "./job-status";

/** What of the jobs page lies in its URL. */
export const jobSearch = {
  status: parseAsStringLiteral(statuses),
  repository: parseAsString,
  workspace: parseAsString,
  app: parseAsString,
  after: parseAsString,
};

export const loadJobSearch = createLoader(jobSearch);

export type JobSearch = Awaited<ReturnType<typeof loadJobSearch>>;

const serialize = createSerializer(jobSearch);

/** The address of the jobs page with these search values. */
export const jobsHref = (search: Partial<JobSearch> = {}) => serialize("/jobs", search);
