import { getAppRunResult } from "@/lib/apps/running";
import { appRunPath } from "@/lib/apps/schema";
import { requesterOf } from "@/lib/auth/requester";
import { endpoint } from "@/lib/http/endpoint";
import { download, storedFileAnswer } from "@/lib/http/file-answer";
import { otherMethods } from "@/lib/http/methods";

export const GET = endpoint(
  {
    summary: "Get the result of an app run",
    description:
      "Public for anyone who has the key of the run. Returns 409 until the run has finished, and 422 if it has no result.",
    open: true,
    params: appRunPath,
    ...download("result", "The result in its own format."),
  },
  async ({ params, request }) => {
    const result = await getAppRunResult(requesterOf(request.headers), params.slug, params.key);
    return storedFileAnswer(request, { ...result, disposition: "inline" });
  },
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
