import { noContent } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { repositoryPath } from "@/lib/repositories/schema";
import { share, unshare } from "@/lib/sharing/commands";
import { grantPath, grantView, sharedPermissions } from "@/lib/sharing/schema";

const params = repositoryPath.extend(grantPath.shape);

export const PUT = endpoint(
  {
    summary: "Share a repository with a user or a role",
    description: "For its owner. Grants these permissions, and takes back others that were granted on it before.",
    params,
    body: sharedPermissions,
    example: { permissions: ["repository/Rivers:read", "repository/Rivers:run"] },
    answers: { 200: grantView },
  },
  ({ who, params, body }) => share(who, { repository: params.repository }, params, body),
);

export const DELETE = endpoint(
  {
    summary: "Stop sharing a repository with a user or a role",
    params,
    answers: { 204: { description: "What was granted is taken back." } },
  },
  async ({ who, params }) => {
    await unshare(who, { repository: params.repository }, params);
    return noContent();
  },
);

export const { GET, POST, PATCH, OPTIONS } = otherMethods({ PUT, DELETE });
