import { created, noContent } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { isConditionMet } from "@/lib/http/ranges";
import { publishWorkspace, removeWorkspace } from "@/lib/workspaces/commands";
import { getWorkspace } from "@/lib/workspaces/queries";
import { publicationHeaders, workspacePath, workspaceView } from "@/lib/workspaces/schema";

/** Workspaces have no entity tags, so If-Match names none. */
const noTag = "";

export const GET = endpoint(
  { summary: "Get a workspace", params: workspacePath, answers: { 200: workspaceView } },
  ({ who, params }) => getWorkspace(who, params),
);

export const PUT = endpoint(
  {
    summary: "Publish or replace a workspace",
    description:
      "The body is the workspace file: a YAML header in a leading comment, then one DuckDB query. Errors name the place in the file.",
    params: workspacePath,
    headers: publicationHeaders,
    bodyKind: "text",
    contentTypes: ["application/sql", "text/*"],
    answers: {
      200: workspaceView,
      201: workspaceView,
      412: { description: "If-None-Match or If-Match does not allow it." },
    },
  },
  async ({ who, params, body, request: { headers } }) => {
    const mayPublish = (isPresent: boolean) => isConditionMet(headers, isPresent ? noTag : null);
    const { workspace, created: isNew } = await publishWorkspace(who, params, body, mayPublish);
    const [repository, name] = [workspace.repository, workspace.name].map(encodeURIComponent);
    return isNew ? created(workspace, `/api/v1/workspaces/${repository}/${name}`) : workspace;
  },
);

export const DELETE = endpoint(
  {
    summary: "Remove a workspace",
    description: "Its jobs are kept.",
    params: workspacePath,
    answers: { 204: { description: "Removed." } },
  },
  async ({ who, params }) => {
    await removeWorkspace(who, params);
    return noContent();
  },
);

export const { POST, PATCH, OPTIONS } = otherMethods({ GET, PUT, DELETE });
