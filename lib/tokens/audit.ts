import type { AuditEntry } from "../audit/record";
import type { TokenRow } from "./view";

/** What the owner can set, as it stands: what an edit is compared with and what history tells. */
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
}: TokenRow): Settings => ({ name, description, expiresAt, enabled, allPermissions, permissions, inUrl });

/** Settings as history keeps them. */
export const auditSnapshot = (settings: Settings) => ({ ...settings, expiresAt: settings.expiresAt.toISOString() });

/** A token as the subject of an event: only its owner will see it. */
export const subjectOf = (ownerId: string, token: { id: string; name: string }): AuditEntry["subject"] => ({
  type: "token",
  id: token.id,
  name: token.name,
  ownerId,
});
