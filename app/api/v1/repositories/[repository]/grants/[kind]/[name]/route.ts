import { noContent } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { repositoryPath } from "@/lib/repositories/schema";
import { share, unshare } from "@/lib/sharing/commands";
import { grantPath, grantView, sharedPermissions } from "@/lib/sharing/schema";

const params = repositoryPath.extend(grantPath.shape);

export const PUT = endpoint(
  {
    summary: "Share a repository",
    description: "For the owner. Replaces the permissions that the user or role has on it.",
    params,
    body: sharedPermissions,
    example: { permissions: ["repository/Rivers:read", "repository/Rivers:run"] },
    answers: { 200: grantView },
  },
  ({ who, params, body }) => share(who, { repository: params.repository }, params, body),
);

export const DELETE = endpoint(
  {
    summary: "Stop sharing a repository",
    params,
    answers: { 204: { description: "The permissions were removed." } },
  },
  async ({ who, params }) => {
    await unshare(who, { repository: params.repository }, params);
    return noContent();
  },
);

export const { GET, POST, PATCH, OPTIONS } = otherMethods({ PUT, DELETE });
