import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { listOf } from "@/lib/paging";
import { listGrants } from "@/lib/sharing/queries";
import { grantView } from "@/lib/sharing/schema";
import { workspacePath } from "@/lib/workspaces/schema";

export const GET = endpoint(
  {
    summary: "List with whom a workspace is shared by itself",
    description:
      "For the owner of its repository. Whoever was granted something on the repository has that on its workspaces, too, and is listed there. Always on one page.",
    params: workspacePath,
    answers: { 200: listOf(grantView) },
  },
  ({ who, params }) => listGrants(who, { workspace: params }),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
