import { z } from "zod";

const changedFields = z.record(z.string(), z.unknown()).nullable();

/** One line of a history: what happened, who did it through which token, and the fields that changed. */
export const auditEventView = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  action: z.string().describe("Noun and verb: `token.create`, `token.disable`, …"),
  by: z.object({ userName: z.string(), tokenName: z.string().nullable() }),
  address: z.string().nullable(),
  agent: z.string().nullable(),
  before: changedFields,
  after: changedFields,
});
export type AuditEventView = z.infer<typeof auditEventView>;
