import { noContent } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { isConditionMet } from "@/lib/http/ranges";
import { moveWorkspace, publishWorkspace, removeWorkspace } from "@/lib/workspaces/commands";
import { getWorkspace } from "@/lib/workspaces/queries";
import { publishHeaders, workspaceChange, workspacePath, workspaceView } from "@/lib/workspaces/schema";

export const GET = endpoint(
  { summary: "Get a workspace", params: workspacePath, answers: { 200: workspaceView } },
  ({ who, params }) => getWorkspace(who, params),
);

export const PUT = endpoint(
  {
    summary: "Publish or replace a workspace",
    description:
      "The body is the workspace file: a YAML header in a leading comment, then one DuckDB query. Errors name the place in the file, and its `line`. The answer has the ETag of the text.",
    params: workspacePath,
    headers: publishHeaders,
    bodyKind: "text",
    contentTypes: ["application/sql", "text/*"],
    answers: {
      200: workspaceView,
      201: workspaceView,
      412: { description: "The published text is another than If-Match or If-None-Match expects." },
    },
  },
  async ({ who, params, body, request: { headers } }) => {
    const precondition = (sha256: string | null) => isConditionMet(headers, sha256 === null ? null : `"${sha256}"`);
    const { workspace, sha256, created: isNew } = await publishWorkspace(who, params, body, precondition);
    const [repository, name] = [workspace.repository, workspace.name].map(encodeURIComponent);
    const location = { Location: `/api/v1/workspaces/${repository}/${name}` };
    return Response.json(workspace, {
      status: isNew ? 201 : 200,
      headers: { ETag: `"${sha256}"`, ...(isNew && location) },
    });
  },
);

export const PATCH = endpoint(
  {
    summary: "Rename or move a workspace",
    description:
      "Its apps, tokens and jobs follow. Moving it ends its own sharing with users and roles. Requires permission to remove it, and to publish where it will be.",
    params: workspacePath,
    body: workspaceChange,
    example: { name: "quakes-nearby" },
    answers: { 200: workspaceView },
  },
  ({ who, params, body }) => moveWorkspace(who, params, body),
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

export const { POST, OPTIONS } = otherMethods({ GET, PUT, PATCH, DELETE });
