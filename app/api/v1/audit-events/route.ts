import { listAuditEvents } from "@/lib/audit/administered";
import { administeredEventView, auditFilter } from "@/lib/audit/schema";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { listOf } from "@/lib/paging";

export const GET = endpoint(
  {
    summary: "List what happened",
    tags: ["Audit"],
    description:
      "To accounts, roles, repositories, workspaces and apps, the newest first. What happened to a token only its owner reads.",
    permission: "users:manage",
    query: auditFilter,
    answers: { 200: listOf(administeredEventView) },
  },
  ({ who, query }) => listAuditEvents(who, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
