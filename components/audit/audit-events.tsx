import { SearchX } from "lucide-react";
import { EmptyState } from "@/components/ui/empty-state";
import { Card } from "@/components/ui/section";
import type { AdministeredEventView } from "@/lib/audit/schema";
import { EventLine } from "./event-line";
import { actionWords } from "./labels";

/** A page of events, newest first. */
export function AuditEvents({ events }: { events: AdministeredEventView[] }) {
  if (events.length === 0) {
    return (
      <EmptyState icon={<SearchX aria-hidden />} title="No events found">
        No events match these filters. Change or clear them.
      </EmptyState>
    );
  }
  return (
    <Card flush>
      <ol className="divide-y divide-line">
        {events.map((event) => (
          <EventLine
            key={event.id}
            event={event}
            what={`${actionWords[event.action] ?? event.action}:`}
            subject={event.subject.name}
            changes={event}
            fieldWords={fieldWords}
          />
        ))}
      </ol>
    </Card>
  );
}

const fieldWords: Record<string, string> = {
  name: "Name",
  fullName: "Name",
  roles: "Roles",
  title: "Title",
  description: "Description",
  permissions: "Permissions",
  owner: "Owner",
  with: "Shared with",
  slug: "URL name",
  workspace: "Workspace",
  parameters: "Parameters",
  frameOrigins: "Allowed sites for embedding",
  token: "Token",
  file: "File",
  sha256: "SHA-256",
  identity: "Identity",
  reason: "Reason",
  count: "Count",
};
