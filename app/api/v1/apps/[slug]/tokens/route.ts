import { z } from "zod";
import { issueAppToken } from "@/lib/apps/issue-token";
import { appPath, appView, appWithToken, newAppToken } from "@/lib/apps/schema";
import { created } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { idempotencyKey } from "@/lib/idempotency";

export const POST = endpoint(
  {
    summary: "Issue a new token for an app of yours",
    description:
      "The one it had is removed in the same moment. The answer is the only one with the value of the new one.",
    params: appPath,
    headers: z.object({ "idempotency-key": idempotencyKey.optional() }),
    body: newAppToken,
    example: { expiresAt: "2030-01-31T09:30:00Z" },
    answers: {
      201: appWithToken,
      200: { description: "The app with the token that this Idempotency-Key issued before.", schema: appView },
    },
  },
  async ({ who, params, body, headers }) => {
    const { app, value } = await issueAppToken(who, params.slug, body, headers["idempotency-key"]);
    return value ? created({ ...app, value: value.reveal() }, `/api/v1/apps/${app.slug}`) : app;
  },
);

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ POST });
