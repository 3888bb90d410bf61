import { endpoint } from "@/lib/http/endpoint";
import { download, storedFileAnswer } from "@/lib/http/file-answer";
import { otherMethods } from "@/lib/http/methods";
import { getResult } from "@/lib/jobs/queries";
import { jobPath } from "@/lib/jobs/schema";

export const GET = endpoint(
  {
    summary: "Get the result of a job",
    description: "Returns 409 until the job has finished, and 422 with the reason if it has no result.",
    params: jobPath,
    allowUrlToken: true,
    ...download("result", "The result in its own format."),
  },
  async ({ who, params, request }) => {
    const result = await getResult(who, params.id);
    return storedFileAnswer(request, {
      ...result,
      disposition: "inline",
      headers: { "X-Tessera-Job": String(params.id) },
    });
  },
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
