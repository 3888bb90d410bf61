import { getAppRunResult } from "@/lib/apps/running";
import { appRunPath } from "@/lib/apps/schema";
import { requesterOf } from "@/lib/auth/requester";
import { endpoint } from "@/lib/http/endpoint";
import { storedFileAnswer } from "@/lib/http/file-answer";
import { otherMethods } from "@/lib/http/methods";
import { downloadHeaders } from "@/lib/repositories/schema";

export const GET = endpoint(
  {
    summary: "Get the result of an app run",
    description:
      "Public for anyone who has the key of the run. Returns 409 until the run has finished, and 422 if it has no result.",
    open: true,
    params: appRunPath,
    headers: downloadHeaders,
    answers: {
      200: { description: "The result in its own format.", contentType: "*/*" },
      206: { description: "The part that Range asks for.", contentType: "*/*" },
      304: { description: "The result is the one that If-None-Match names." },
      416: { description: "The result has no such range." },
    },
  },
  async ({ params, request }) => {
    const result = await getAppRunResult(requesterOf(request.headers), params.slug, params.key);
    return storedFileAnswer(request, { ...result, disposition: "inline" });
  },
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
