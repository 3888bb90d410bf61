import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { listOf, pageQuery } from "@/lib/paging";
import { listWorkspaces } from "@/lib/workspaces/queries";
import { workspaceFilter, workspaceView } from "@/lib/workspaces/schema";

export const GET = endpoint(
  {
    summary: "List workspaces",
    description: "All workspaces that you can read, in all repositories.",
    query: workspaceFilter.extend(pageQuery.shape),
    answers: { 200: listOf(workspaceView) },
  },
  ({ who, query }) => listWorkspaces(who, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
