import { eventsAsCsv, eventsAsJson } from "@/lib/audit/export";
import { exportAuditEvents } from "@/lib/audit/queries";
import { auditExport } from "@/lib/audit/schema";
import { endpoint } from "@/lib/http/endpoint";
import { fileAnswer } from "@/lib/http/file-answer";
import { otherMethods } from "@/lib/http/methods";

export const GET = endpoint(
  {
    summary: "Export audit events",
    tags: ["Audit"],
    description:
      "All events that match the filters, in one file. In CSV, cells that look like formulas start with an apostrophe.",
    permission: "users:manage",
    query: auditExport,
    answers: { 200: { description: "CSV with a header, or a JSON array of events.", contentType: "text/csv" } },
  },
  ({ who, query, now }) => {
    const parts = exportAuditEvents(who, query);
    const isCsv = query.format === "csv";
    return fileAnswer({
      chunks: isCsv ? eventsAsCsv(parts) : eventsAsJson(parts),
      mediaType: isCsv ? "text/csv; charset=utf-8" : "application/json",
      fileName: `tessera-audit-${now.toISOString().slice(0, 10)}.${query.format}`,
      disposition: "attachment",
    });
  },
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
