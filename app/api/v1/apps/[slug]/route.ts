import { editApp, removeApp } from "@/lib/apps/commands";
import { getApp } from "@/lib/apps/queries";
import { appChange, appPath, appView } from "@/lib/apps/schema";
import { noContent } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";

export const GET = endpoint(
  { summary: "Read an app that you may manage", params: appPath, answers: { 200: appView } },
  ({ who, params }) => getApp(who, params.slug),
);

export const PATCH = endpoint(
  {
    summary: "Change an app",
    description:
      "Everything but its address and workspace. `expiresAt` is that of its token, which only the owner of the app changes.",
    params: appPath,
    body: appChange,
    example: { enabled: false },
    answers: { 200: appView },
  },
  ({ who, params, body }) => editApp(who, params.slug, body),
);

export const DELETE = endpoint(
  {
    summary: "Remove an app and its token for good",
    params: appPath,
    answers: { 204: { description: "Both are gone." } },
  },
  async ({ who, params }) => {
    await removeApp(who, params.slug);
    return noContent();
  },
);

export const { POST, PUT, OPTIONS } = otherMethods({ GET, PATCH, DELETE });
