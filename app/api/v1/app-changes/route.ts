import { bulkChangeApps } from "@/lib/apps/bulk";
import { appChanges, appOutcomes } from "@/lib/apps/schema";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";

export const POST = endpoint(
  {
    summary: "Enable, disable, prolong or remove several apps",
    description: "Says what became of each. One that is refused or not found does not hold up the others.",
    tags: ["Apps"],
    body: appChanges,
    example: { change: "disable", slugs: ["earthquakes"] },
    permission: "apps:access",
    answers: { 200: appOutcomes },
  },
  ({ who, body }) => bulkChangeApps(who, body),
);

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ POST });
