import { runApp } from "@/lib/apps/running";
import { appPath, begunAppRun } from "@/lib/apps/schema";
import { requesterOf } from "@/lib/auth/requester";
import { accepted } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { newRun } from "@/lib/jobs/schema";

export const POST = endpoint(
  {
    summary: "Run an app as a visitor",
    description:
      "Public, and rate-limited per client and per app. Accepts the parameters that the app shows. Only this response contains the key of the run. Returns 404 if the app is not available.",
    open: true,
    params: appPath,
    body: newRun,
    example: { parameters: { LATITUDE: 61.2, LONGITUDE: -149.9 } },
    answers: { 202: begunAppRun },
  },
  async ({ params, body, request }) => {
    const { run, key } = await runApp(requesterOf(request.headers), params.slug, body);
    const shown = key.reveal();
    return accepted({ ...run, key: shown }, `/api/v1/apps/${params.slug}/runs/${shown}`);
  },
);

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ POST });
