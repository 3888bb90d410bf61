import { appPath } from "@/lib/apps/schema";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { listOf } from "@/lib/paging";
import { listGrants } from "@/lib/sharing/queries";
import { grantView } from "@/lib/sharing/schema";

export const GET = endpoint(
  {
    summary: "List with whom an app is shared",
    description: "For its owner. Each user and role with what it was granted; always on one page.",
    params: appPath,
    answers: { 200: listOf(grantView) },
  },
  ({ who, params }) => listGrants(who, { app: params.slug }),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
