import { noContent } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { removeRepository } from "@/lib/repositories/commands";
import { getRepository } from "@/lib/repositories/queries";
import { repositoryPath, repositoryView } from "@/lib/repositories/schema";

export const GET = endpoint(
  { summary: "Get a repository", params: repositoryPath, answers: { 200: repositoryView } },
  ({ who, params }) => getRepository(who, params.repository),
);

export const DELETE = endpoint(
  {
    summary: "Remove a repository",
    description: "Also removes its workspaces, data files and sharing. Its jobs are kept.",
    params: repositoryPath,
    answers: { 204: { description: "Removed." } },
  },
  async ({ who, params }) => {
    await removeRepository(who, params.repository);
    return noContent();
  },
);

export const { POST, PUT, PATCH, OPTIONS } = otherMethods({ GET, DELETE });
