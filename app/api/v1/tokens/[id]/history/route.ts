import { z } from "zod";
import { auditEventView } from "@/lib/audit/schema";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { listOf, pageQuery } from "@/lib/paging";
import { tokenHistory } from "@/lib/tokens/queries";

export const GET = endpoint(
  {
    summary: "Get the history of a token",
    description: "Newest first. Still available after the token was removed.",
    params: z.object({ id: z.string() }),
    query: pageQuery,
    permission: "tokens:manage",
    answers: { 200: listOf(auditEventView) },
  },
  ({ who, params, query }) => tokenHistory(who, params.id, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
