import { created } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { listOf, pageQuery } from "@/lib/paging";
import { createRepository } from "@/lib/repositories/commands";
import { listRepositories } from "@/lib/repositories/queries";
import { newRepository, repositoryView } from "@/lib/repositories/schema";

export const GET = endpoint(
  {
    summary: "List repositories",
    description: "Repositories on which you have any permission, sorted by name.",
    query: pageQuery,
    permission: "repositories:access",
    answers: { 200: listOf(repositoryView) },
  },
  ({ who, query }) => listRepositories(who, query),
);

export const POST = endpoint(
  {
    summary: "Create a repository",
    description: "You become its owner, with all permissions on it.",
    body: newRepository,
    example: { name: "Rivers", description: "Gauges of our rivers." },
    permission: "repositories:create",
    answers: { 201: repositoryView },
  },
  async ({ who, body }) => {
    const repository = await createRepository(who, body);
    return created(repository, `/api/v1/repositories/${encodeURIComponent(repository.name)}`);
  },
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET, POST });
