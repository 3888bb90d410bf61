import { appPath } from "@/lib/apps/schema";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { listOf } from "@/lib/paging";
import { listGrants } from "@/lib/sharing/queries";
import { grantView } from "@/lib/sharing/schema";

export const GET = endpoint(
  {
    summary: "List who an app is shared with",
    description: "For the owner. Returns each user and role with its permissions. Always a single page.",
    params: appPath,
    answers: { 200: listOf(grantView) },
  },
  ({ who, params }) => listGrants(who, { app: params.slug }),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
