import { createLoader, createSerializer, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { timesOf } from "@/components/data-table/day-range";
import { userHref } from "@/components/users/search";
import { workspacesHref } from "@/components/workspaces/search";
import { type AdministeredEventView, administeredTypes } from "@/lib/audit/schema";
import { sanitizeSearch } from "@/lib/text";

/** The search parameters of the audit page. `from` and `to` are days in UTC like `2026-01-31`; the last day is included. */
export const auditSearch = {
  actor: parseAsString.withDefault(""),
  action: parseAsString,
  type: parseAsStringLiteral(administeredTypes),
  subject: parseAsString.withDefault(""),
  from: parseAsString,
  to: parseAsString,
  after: parseAsString,
};

export const loadAuditSearch = createLoader(auditSearch);

export type AuditSearch = Awaited<ReturnType<typeof loadAuditSearch>>;

const serialize = createSerializer(auditSearch);

/** Returns the URL of the audit page with these search parameters. */
export const auditHref = (search: Partial<AuditSearch> = {}) => serialize("/admin/audit", search);

/** Converts the search parameters to the filters of the API. Characters that the fields do not accept are removed. */
export function filterOf({ actor, action, type, subject, from, to }: AuditSearch) {
  return {
    actor: sanitizeSearch(actor, 64) || undefined,
    action: action && /^[a-z]+\.[a-z-]{1,50}$/.test(action) ? action : undefined,
    type: type ?? undefined,
    subject: sanitizeSearch(subject) || undefined,
    ...timesOf({ from, to }),
  };
}

/** Returns the URL that exports the filtered events. */
export function exportHref(search: AuditSearch, format: "csv" | "json"): string {
  const { from, to, ...texts } = filterOf(search);
  const given = { format, ...texts, from: from?.toISOString(), to: to?.toISOString() };
  const query = new URLSearchParams(Object.entries(given).filter((entry): entry is [string, string] => !!entry[1]));
  return `/api/v1/audit-events/export?${query}`;
}

/** Returns the URL of the page of an item; null for one that was removed or that the user does not have access to. */
export function subjectHref({ type, urlName }: AdministeredEventView["subject"]): string | null {
  if (urlName === null) return null;
  const path = urlName.split("/").map(encodeURIComponent).join("/");
  return {
    user: userHref(urlName),
    role: `/admin/roles/${path}`,
    repository: workspacesHref({ q: urlName }),
    workspace: `/workspaces/${path}`,
    app: `/apps/${path}`,
  }[type];
}
