import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { getJob } from "@/lib/jobs/queries";
import { jobPath, jobView } from "@/lib/jobs/schema";

export const GET = endpoint({ summary: "Get a job", params: jobPath, answers: { 200: jobView } }, ({ who, params }) =>
  getJob(who, params.id),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
