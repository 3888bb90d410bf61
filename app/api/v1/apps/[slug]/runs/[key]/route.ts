import { getAppRun } from "@/lib/apps/running";
import { appRunPath, appRunView } from "@/lib/apps/schema";
import { requesterOf } from "@/lib/auth/requester";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";

export const GET = endpoint(
  {
    summary: "Get the status of an app run",
    description: "Public for anyone who has the key of the run. Returns 404 if the app is no longer available.",
    open: true,
    params: appRunPath,
    answers: { 200: appRunView },
  },
  ({ params, request }) => getAppRun(requesterOf(request.headers), params.slug, params.key),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
