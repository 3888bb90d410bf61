import { EventLine } from "@/components/audit/event-line";
import { Card } from "@/components/ui/section";
import type { AuditEventView } from "@/lib/audit/schema";

/** The audit events of a token, newest first. */
export function TokenHistory({ events, isCut }: { events: AuditEventView[]; isCut: boolean }) {
  if (events.length === 0) return <p className="text-muted">No history yet.</p>;
  return (
    <>
      <Card flush>
        <ol className="divide-y divide-line">
          {events.map((event) => (
            <EventLine
              key={event.id}
              event={event}
              what={actionWords[event.action] ?? event.action}
              // The page shows the values with which the token was created.
              changes={event.before && event.after && event}
              fieldWords={fieldWords}
            />
          ))}
        </ol>
      </Card>
      {isCut && <p className="text-muted">Showing the latest {events.length} events.</p>}
    </>
  );
}

const actionWords: Record<string, string> = {
  "token.create": "Created",
  "token.edit": "Edited",
  "token.enable": "Enabled",
  "token.disable": "Disabled",
  "token.remove": "Removed",
  "session.start": "Signed in",
  "session.end": "Signed out",
};

const fieldWords: Record<string, string> = {
  name: "Name",
  description: "Description",
  expiresAt: "Expires",
  allPermissions: "All Permissions",
  permissions: "Permissions",
  inUrl: "Allowed as URL parameter",
};
