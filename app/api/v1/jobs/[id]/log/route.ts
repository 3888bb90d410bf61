import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { getLog } from "@/lib/jobs/queries";
import { jobLog, jobPath } from "@/lib/jobs/schema";

export const GET = endpoint(
  { summary: "Get the log of a job", params: jobPath, answers: { 200: jobLog } },
  async ({ who, params }) => ({ items: await getLog(who, params.id) }),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
