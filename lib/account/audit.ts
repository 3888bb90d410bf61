import type { AuditEntry } from "../audit/record";
import type { Actor } from "../permissions/actor";

export const subjectOf = ({ userId, userName }: Actor): AuditEntry["subject"] => ({
  type: "user",
  id: userId,
  name: userName,
});
