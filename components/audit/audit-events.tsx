import { SearchX } from "lucide-react";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { Card } from "@/components/ui/section";
import type { AdministeredEventView } from "@/lib/audit/schema";
import { describePermission } from "@/lib/permissions/catalog";
import { actionWords } from "./words";

/** A page of events, the newest first: what was done to what, by whom, from where, and what changed. */
export function AuditEvents({ events }: { events: AdministeredEventView[] }) {
  if (events.length === 0) {
    return (
      <EmptyState icon={<SearchX aria-hidden />} title="Nothing fits">
        Nothing was done that fits these filters.
      </EmptyState>
    );
  }
  return (
    <Card flush>
      <ol className="divide-y divide-line">
        {events.map((event) => (
          <li key={event.id} className="grid gap-x-6 gap-y-1 px-4 py-3 sm:grid-cols-[9rem_minmax(0,1fr)]">
            <RelativeTime at={event.at} className="text-muted tabular-nums" />
            <div className="min-w-0 break-words">
              <p>
                <span className="font-medium">{actionWords[event.action] ?? event.action}:</span> {event.subject.name}
                <span className="text-muted">
                  {" by "}
                  {event.by.userName}
                  {event.by.tokenName && ` with ${event.by.tokenName}`}
                  {event.address && ` from ${event.address}`}
                </span>
              </p>
              <Changes before={event.before} after={event.after} />
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}

/** Every field that was there before or after. Which one a switch has become, the name of the event says. */
function Changes({ before, after }: Pick<AdministeredEventView, "before" | "after">) {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const told = fields.filter((field) => field !== "enabled");
  if (told.length === 0) return null;
  return (
    <ul className="mt-1 text-sm text-muted">
      {told.map((field) => {
        const [was, is] = [before?.[field], after?.[field]];
        const isSame = JSON.stringify(was) === JSON.stringify(is);
        return (
          <li key={field}>
            {fieldWords[field] ?? field}: {before && !isSame && wordsOf(was)}
            {before && after && !isSame && " → "}
            {after && wordsOf(is)}
          </li>
        );
      })}
    </ul>
  );
}

const fieldWords: Record<string, string> = {
  fullName: "Name",
  roles: "Roles",
  title: "Title",
  description: "Description",
  permissions: "Permissions",
  owner: "Owner",
  with: "With",
  file: "File",
  sha256: "SHA-256",
  identity: "Identity",
};

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(wordOf).join(", ");
  return value === null || value === undefined || value === "" ? "empty" : wordOf(value);
}

const wordOf = (value: unknown) => (typeof value === "string" ? describePermission(value) : JSON.stringify(value));
