import type { AuditEntry } from "../audit/record";

/** The fields that the owner can set. An edit is compared with them, and audit events contain them. */
export interface Settings {
  name: string;
  description: string;
  expiresAt: Date;
  enabled: boolean;
  allPermissions: boolean;
  permissions: string[];
  inUrl: boolean;
}

export const settingsOf = ({
  name,
  description,
  expiresAt,
  enabled,
  allPermissions,
  permissions,
  inUrl,
}: Settings): Settings => ({ name, description, expiresAt, enabled, allPermissions, permissions, inUrl });

export const auditSnapshot = (settings: Settings) => ({
  ...settingsOf(settings),
  expiresAt: settings.expiresAt.toISOString(),
});

/** A token as the subject of an event, which only its owner can read. */
export const subjectOf = (ownerId: string, token: { id: string; name: string }): AuditEntry["subject"] => ({
  type: "token",
  id: token.id,
  name: token.name,
  ownerId,
});
