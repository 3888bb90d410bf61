import { z } from "zod";
import { isoDateTime, searchText } from "../fields";
import { pageQuery } from "../paging";
import { normalizeUserName } from "../text";

const fieldValues = z.record(z.string(), z.unknown()).nullable();

export const auditEventView = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  action: z.string().describe("Noun and verb: `token.create`, `token.disable`, …"),
  by: z.object({ userName: z.string(), tokenName: z.string().nullable() }),
  address: z.string().nullable(),
  agent: z.string().nullable(),
  before: fieldValues,
  after: fieldValues,
});
export type AuditEventView = z.infer<typeof auditEventView>;

/** Administrators read only these. Tokens, sessions and jobs are left out, as only their owners see them. */
export const administeredTypes = ["user", "role", "repository", "workspace", "app"] as const;

const filters = {
  actor: z.string().overwrite(normalizeUserName).max(64).optional().describe("The username of the user who did it."),
  action: z
    .string()
    .regex(/^[a-z]+\.[a-z-]+$/, "Use an action like user.create.")
    .max(64)
    .optional()
    .describe("`user.create`, `role.edit`, …"),
  type: z.enum(administeredTypes).optional().describe("The type of item."),
  subject: searchText.optional().describe("Part of the item's name."),
  from: isoDateTime.optional().describe("Only events from this time on."),
  to: isoDateTime.optional().describe("Before."),
};

export const auditFilter = pageQuery.extend(filters).strict();
export type AuditFilter = z.output<typeof auditFilter>;

export const auditExport = z.object({ format: z.enum(["csv", "json"]).default("csv"), ...filters });
export type AuditExport = z.output<typeof auditExport>;

/** An event as administrators read it, without the names of other people's tokens. */
export const administeredEventView = auditEventView
  .extend({
    subject: z.object({
      type: z.enum(administeredTypes),
      name: z.string().describe("Its name at the time."),
      urlName: z
        .string()
        .nullable()
        .describe("What URLs call it now. Null if it was removed or if you do not have access to it."),
    }),
  })
  .meta({ id: "AuditEvent" });
export type AdministeredEventView = z.infer<typeof administeredEventView>;
