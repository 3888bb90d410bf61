import { createLoader, createSerializer, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { statuses } from "./job-status";

/** The search parameters of the jobs page. */
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

/** Returns the URL of the jobs page with these search parameters. */
export const jobsHref = (search: Partial<JobSearch> = {}) => serialize("/jobs", search);
