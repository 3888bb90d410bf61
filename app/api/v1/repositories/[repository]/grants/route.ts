import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { listOf } from "@/lib/paging";
import { repositoryPath } from "@/lib/repositories/schema";
import { listGrants } from "@/lib/sharing/queries";
import { grantView } from "@/lib/sharing/schema";

export const GET = endpoint(
  {
    summary: "List with whom a repository is shared",
    description: "For its owner. Each user and role with what it was granted; always on one page.",
    params: repositoryPath,
    answers: { 200: listOf(grantView) },
  },
  ({ who, params }) => listGrants(who, { repository: params.repository }),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
