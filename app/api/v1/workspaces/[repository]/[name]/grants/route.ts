import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { listOf } from "@/lib/paging";
import { listGrants } from "@/lib/sharing/queries";
import { grantView } from "@/lib/sharing/schema";
import { workspacePath } from "@/lib/workspaces/schema";

export const GET = endpoint(
  {
    summary: "List who a workspace is shared with",
    description:
      "For the owner of the repository. Users and roles with access to the whole repository are listed there, not here. Always a single page.",
    params: workspacePath,
    answers: { 200: listOf(grantView) },
  },
  ({ who, params }) => listGrants(who, { workspace: params }),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
