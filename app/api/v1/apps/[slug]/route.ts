import { editApp, removeApp } from "@/lib/apps/commands";
import { getApp } from "@/lib/apps/queries";
import { appChange, appPath, appView } from "@/lib/apps/schema";
import { noContent } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";

export const GET = endpoint({ summary: "Get an app", params: appPath, answers: { 200: appView } }, ({ who, params }) =>
  getApp(who, params.slug),
);

export const PATCH = endpoint(
  {
    summary: "Update an app",
    description:
      "Changes any field except the URL name and workspace. `expiresAt` is the expiration of its token; only the app's owner can change it.",
    params: appPath,
    body: appChange,
    example: { enabled: false },
    answers: { 200: appView },
  },
  ({ who, params, body }) => editApp(who, params.slug, body),
);

export const DELETE = endpoint(
  {
    summary: "Remove an app and its token",
    params: appPath,
    answers: { 204: { description: "Both were removed." } },
  },
  async ({ who, params }) => {
    await removeApp(who, params.slug);
    return noContent();
  },
);

export const { POST, PUT, OPTIONS } = otherMethods({ GET, PATCH, DELETE });
