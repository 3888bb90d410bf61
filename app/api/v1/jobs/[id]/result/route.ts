import { endpoint } from "@/lib/http/endpoint";
import { storedFileAnswer } from "@/lib/http/file-answer";
import { otherMethods } from "@/lib/http/methods";
import { getResult } from "@/lib/jobs/queries";
import { jobPath } from "@/lib/jobs/schema";
import { downloadHeaders } from "@/lib/repositories/schema";

export const GET = endpoint(
  {
    summary: "Get the result of a job",
    description: "Returns 409 until the job has finished, and 422 with the reason if it has no result.",
    params: jobPath,
    allowUrlToken: true,
    headers: downloadHeaders,
    answers: {
      200: { description: "The result in its own format.", contentType: "*/*" },
      206: { description: "The part that Range asks for.", contentType: "*/*" },
      304: { description: "The result is the one that If-None-Match names." },
      416: { description: "The result has no such range." },
    },
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
