import { noContent } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { removeRepository } from "@/lib/repositories/commands";
import { getRepository } from "@/lib/repositories/queries";
import { repositoryPath, repositoryView } from "@/lib/repositories/schema";

export const GET = endpoint(
  { summary: "Read a repository", params: repositoryPath, answers: { 200: repositoryView } },
  ({ who, params }) => getRepository(who, params.repository),
);

export const DELETE = endpoint(
  {
    summary: "Remove a repository for good",
    description: "With its workspaces and data files, and what was permitted on them. Its jobs stay.",
    params: repositoryPath,
    answers: { 204: { description: "It is gone." } },
  },
  async ({ who, params }) => {
    await removeRepository(who, params.repository);
    return noContent();
  },
);

export const { POST, PUT, PATCH, OPTIONS } = otherMethods({ GET, DELETE });
