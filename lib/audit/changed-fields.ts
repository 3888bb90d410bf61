import type { Prisma } from "../generated/prisma/client";

type Fields = Prisma.InputJsonObject;

/** The fields of `after` whose values differ, as an audit event records an edit; null when none does. */
export function changedFields(before: Fields, after: Fields): { before: Fields; after: Fields } | null {
  const changed = Object.keys(after).filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  const only = (fields: Fields) => Object.fromEntries(changed.map((field) => [field, fields[field] ?? null]));
  return changed.length === 0 ? null : { before: only(before), after: only(after) };
}
