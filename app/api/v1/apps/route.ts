import { z } from "zod";
import { createApp } from "@/lib/apps/commands";
import { listApps } from "@/lib/apps/queries";
import { appFilter, appView, appWithToken, newApp } from "@/lib/apps/schema";
import { created } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { idempotencyKey } from "@/lib/idempotency";
import { listOf } from "@/lib/paging";

export const GET = endpoint(
  {
    summary: "List the apps that you manage",
    query: appFilter,
    permission: "apps:access",
    answers: { 200: listOf(appView) },
  },
  ({ who, query }) => listApps(who, query),
);

export const POST = endpoint(
  {
    summary: "Create an app and its token",
    description:
      "The token belongs to you, has the app's name and can run its workspace. Only this response contains its value.",
    headers: z.object({ "idempotency-key": idempotencyKey.optional() }),
    body: newApp,
    example: {
      name: "Earthquakes near you",
      slug: "earthquakes",
      repository: "Samples",
      workspace: "nearby-earthquakes",
      parameters: [{ name: "RADIUS_KM", shown: false, default: 500 }],
    },
    permission: "apps:create",
    answers: {
      201: appWithToken,
      200: { description: "The app that was created earlier with this Idempotency-Key.", schema: appView },
    },
  },
  async ({ who, body, headers }) => {
    const { app, value } = await createApp(who, body, headers["idempotency-key"]);
    return value ? created({ ...app, value: value.reveal() }, `/api/v1/apps/${app.slug}`) : app;
  },
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET, POST });
