import { noContent } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { removeRepository } from "@/lib/repositories/commands";
import { getRepository } from "@/lib/repositories/queries";
import { repositoryPath, repositoryRemoval, repositoryView } from "@/lib/repositories/schema";

export const GET = endpoint(
  { summary: "Get a repository", params: repositoryPath, answers: { 200: repositoryView } },
  ({ who, params }) => getRepository(who, params.repository),
);

export const DELETE = endpoint(
  {
    summary: "Remove a repository",
    description: "Also removes its workspaces, data files and sharing. Its jobs are kept.",
    params: repositoryPath,
    query: repositoryRemoval,
    answers: { 204: { description: "Removed." } },
  },
  async ({ who, params, query }) => {
    await removeRepository(who, params.repository, { onlyEmpty: query.onlyEmpty === "true" });
    return noContent();
  },
);

export const { POST, PUT, PATCH, OPTIONS } = otherMethods({ GET, DELETE });
