import { noContent } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { share, unshare } from "@/lib/sharing/commands";
import { grantPath, grantView, sharedPermissions } from "@/lib/sharing/schema";
import { workspacePath } from "@/lib/workspaces/schema";

const params = workspacePath.extend({ kind: grantPath.shape.kind, partner: grantPath.shape.name });

export const PUT = endpoint(
  {
    summary: "Share a workspace with a user or a role",
    description:
      "For the owner of its repository. Grants these permissions, and takes back others that were granted on the workspace before; what was granted on the repository stays.",
    params,
    body: sharedPermissions,
    example: { permissions: ["workspace/Samples/nearby-earthquakes:run"] },
    answers: { 200: grantView },
  },
  ({ who, params: { kind, partner, ...workspace }, body }) => share(who, { workspace }, { kind, name: partner }, body),
);

export const DELETE = endpoint(
  {
    summary: "Stop sharing a workspace with a user or a role",
    params,
    answers: { 204: { description: "What was granted on the workspace is taken back." } },
  },
  async ({ who, params: { kind, partner, ...workspace } }) => {
    await unshare(who, { workspace }, { kind, name: partner });
    return noContent();
  },
);

export const { GET, POST, PATCH, OPTIONS } = otherMethods({ PUT, DELETE });
