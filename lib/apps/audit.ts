import type { AuditEntry } from "../audit/record";
import { type AppRow, parseStoredSettings } from "./view";

export const auditSnapshot = (app: AppRow) => ({
  slug: app.slug,
  name: app.name,
  description: app.description,
  workspace: `${app.repositoryName}/${app.workspaceName}`,
  parameters: parseStoredSettings(app.parameters),
  frameOrigins: app.frameOrigins,
  enabled: app.enabled,
});

export const subjectOf = (app: { id: string; name: string; ownerId: string }): AuditEntry["subject"] => ({
  type: "app",
  id: app.id,
  name: app.name,
  ownerId: app.ownerId,
});
