import { endpoint } from "@/lib/http/endpoint";
import { fileAnswer } from "@/lib/http/file-answer";
import { otherMethods } from "@/lib/http/methods";
import { getResult } from "@/lib/jobs/queries";
import { jobPath } from "@/lib/jobs/schema";

export const GET = endpoint(
  {
    summary: "Get the result of a job",
    description: "Returns 409 until the job has finished, and 422 with the reason if it has no result.",
    params: jobPath,
    allowUrlToken: true,
    answers: { 200: { description: "The result in its own format.", contentType: "*/*" } },
  },
  async ({ who, params }) => {
    const result = await getResult(who, params.id);
    return fileAnswer({ ...result, disposition: "inline", headers: { "X-Tessera-Job": String(params.id) } });
  },
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
