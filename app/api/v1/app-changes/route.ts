import { bulkChangeApps } from "@/lib/apps/bulk";
import { appChanges, appOutcomes } from "@/lib/apps/schema";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";

export const POST = endpoint(
  {
    summary: "Change several apps",
    description:
      "Enables, disables, removes or changes the expiration of several apps. Returns the outcome for each app; a failure doesn't affect the others.",
    tags: ["Apps"],
    body: appChanges,
    example: { change: "disable", slugs: ["earthquakes"] },
    permission: "apps:access",
    answers: { 200: appOutcomes },
  },
  ({ who, body }) => bulkChangeApps(who, body),
);

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ POST });
