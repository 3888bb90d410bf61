import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { listJobs } from "@/lib/jobs/queries";
import { jobFilter, jobView } from "@/lib/jobs/schema";
import { listOf, pageQuery } from "@/lib/paging";

export const GET = endpoint(
  {
    summary: "List jobs",
    description:
      "Newest first. Your own jobs with `jobs:access` or when signed in, all jobs with `jobs:manage`, otherwise jobs submitted with this token.",
    query: jobFilter.extend(pageQuery.shape),
    answers: { 200: listOf(jobView) },
  },
  ({ who, query }) => listJobs(who, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
