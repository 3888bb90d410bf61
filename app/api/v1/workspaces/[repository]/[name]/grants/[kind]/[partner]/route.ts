import { noContent } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { share, unshare } from "@/lib/sharing/commands";
import { grantPath, grantView, sharedPermissions } from "@/lib/sharing/schema";
import { workspacePath } from "@/lib/workspaces/schema";

const params = workspacePath.extend({ kind: grantPath.shape.kind, partner: grantPath.shape.name });

export const PUT = endpoint(
  {
    summary: "Share a workspace",
    description:
      "For the owner of the repository. Replaces the permissions that the user or role has on this workspace. Permissions on the repository don't change.",
    params,
    body: sharedPermissions,
    example: { permissions: ["workspace/Samples/nearby-earthquakes:run"] },
    answers: { 200: grantView },
  },
  ({ who, params: { kind, partner, ...workspace }, body }) => share(who, { workspace }, { kind, name: partner }, body),
);

export const DELETE = endpoint(
  {
    summary: "Stop sharing a workspace",
    params,
    answers: { 204: { description: "The permissions on the workspace were removed." } },
  },
  async ({ who, params: { kind, partner, ...workspace } }) => {
    await unshare(who, { workspace }, { kind, name: partner });
    return noContent();
  },
);

export const { GET, POST, PATCH, OPTIONS } = otherMethods({ PUT, DELETE });
