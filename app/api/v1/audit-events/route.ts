import { listAuditEvents } from "@/lib/audit/queries";
import { administeredEventView, auditFilter } from "@/lib/audit/schema";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { listOf } from "@/lib/paging";

export const GET = endpoint(
  {
    summary: "List audit events",
    tags: ["Audit"],
    description:
      "Changes to users, roles, repositories, workspaces and apps, newest first. Token history is visible only to the token's owner.",
    permission: "users:manage",
    query: auditFilter,
    answers: { 200: listOf(administeredEventView) },
  },
  ({ who, query }) => listAuditEvents(who, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
