import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { listOf } from "@/lib/paging";
import { repositoryPath } from "@/lib/repositories/schema";
import { listGrants } from "@/lib/sharing/queries";
import { grantView } from "@/lib/sharing/schema";

export const GET = endpoint(
  {
    summary: "List who a repository is shared with",
    description: "For the owner. Returns each user and role with its permissions. Always a single page.",
    params: repositoryPath,
    answers: { 200: listOf(grantView) },
  },
  ({ who, params }) => listGrants(who, { repository: params.repository }),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
