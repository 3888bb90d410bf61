import { appPath } from "@/lib/apps/schema";
import { noContent } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { share, unshare } from "@/lib/sharing/commands";
import { grantPath, grantView, sharedPermissions } from "@/lib/sharing/schema";

const params = appPath.extend(grantPath.shape);

export const PUT = endpoint(
  {
    summary: "Share an app",
    description: "For the owner. Replaces the permissions that the user or role has on it.",
    params,
    body: sharedPermissions,
    example: { permissions: ["app/earthquakes:manage"] },
    answers: { 200: grantView },
  },
  ({ who, params, body }) => share(who, { app: params.slug }, params, body),
);

export const DELETE = endpoint(
  {
    summary: "Stop sharing an app",
    params,
    answers: { 204: { description: "The permissions were removed." } },
  },
  async ({ who, params }) => {
    await unshare(who, { app: params.slug }, params);
    return noContent();
  },
);

export const { GET, POST, PATCH, OPTIONS } = otherMethods({ PUT, DELETE });
