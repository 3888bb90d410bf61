import { getAppRun } from "@/lib/apps/running";
import { appRunPath, appRunView } from "@/lib/apps/schema";
import { requesterOf } from "@/lib/auth/requester";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";

export const GET = endpoint(
  {
    summary: "See how a run of an app goes",
    description: "Open to whoever has the key of the run. 404 when the app is not available any more.",
    open: true,
    params: appRunPath,
    answers: { 200: appRunView },
  },
  ({ params, request }) => getAppRun(requesterOf(request.headers), params.slug, params.key),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
