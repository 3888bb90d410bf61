import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { listJobs } from "@/lib/jobs/queries";
import { jobFilter, jobView } from "@/lib/jobs/schema";
import { listOf, pageQuery } from "@/lib/paging";

export const GET = endpoint(
  {
    summary: "List jobs",
    description:
      "Newest first: your own with `jobs:access` or signed in, everybody's with `jobs:manage`, else those that this token submitted.",
    query: jobFilter.extend(pageQuery.shape),
    answers: { 200: listOf(jobView) },
  },
  ({ who, query }) => listJobs(who, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
