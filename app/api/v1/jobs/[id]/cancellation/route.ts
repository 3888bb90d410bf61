import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { cancelJob } from "@/lib/jobs/commands";
import { jobPath, jobView } from "@/lib/jobs/schema";

export const POST = endpoint(
  {
    summary: "Cancel a job",
    description: "Returns 409 if the job has already finished.",
    params: jobPath,
    answers: { 200: jobView },
  },
  ({ who, params }) => cancelJob(who, params.id),
);

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ POST });
