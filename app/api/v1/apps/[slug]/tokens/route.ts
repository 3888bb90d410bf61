import { z } from "zod";
import { issueAppToken } from "@/lib/apps/issue-token";
import { appPath, appView, appWithToken, newAppToken } from "@/lib/apps/schema";
import { created } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { idempotencyKey } from "@/lib/idempotency";

export const POST = endpoint(
  {
    summary: "Replace the token of an app",
    description: "The previous token is removed. Only this response contains the value of the new token.",
    params: appPath,
    headers: z.object({ "idempotency-key": idempotencyKey.optional() }),
    body: newAppToken,
    example: { expiresAt: "2030-01-31T09:30:00Z" },
    answers: {
      201: appWithToken,
      200: {
        description: "The app with the token that was created earlier with this Idempotency-Key.",
        schema: appView,
      },
    },
  },
  async ({ who, params, body, headers }) => {
    const { app, value } = await issueAppToken(who, params.slug, body, headers["idempotency-key"]);
    return value ? created({ ...app, value: value.reveal() }, `/api/v1/apps/${app.slug}`) : app;
  },
);

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ POST });
