import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { countJobs } from "@/lib/jobs/counts";
import { jobCounts, jobSelection } from "@/lib/jobs/schema";

export const GET = endpoint(
  {
    summary: "Count jobs",
    description:
      "By status, and for 30 days by day. Your own jobs with `jobs:access` or when signed in, all jobs with `jobs:manage`, otherwise jobs submitted with this token.",
    query: jobSelection,
    answers: { 200: jobCounts },
  },
  ({ who, query }) => countJobs(who, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
