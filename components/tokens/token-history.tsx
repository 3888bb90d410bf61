import { RelativeTime } from "@/components/ui/relative-time";
import { Card } from "@/components/ui/section";
import type { AuditEventView } from "@/lib/audit/schema";
import { describePermission } from "@/lib/permissions/catalog";

/** What happened to a token, the newest first: what changed, by whom and through which token, from where. */
export function TokenHistory({ events, isCut }: { events: AuditEventView[]; isCut: boolean }) {
  if (events.length === 0) return <p className="text-muted">Nothing is recorded of this token.</p>;
  return (
    <>
      <Card flush>
        <ol className="divide-y divide-line">
          {events.map((event) => (
            <li key={event.id} className="grid gap-x-6 gap-y-1 px-4 py-3 sm:grid-cols-[9rem_minmax(0,1fr)]">
              <RelativeTime at={event.at} className="text-muted tabular-nums" />
              <div className="min-w-0">
                <p>
                  <span className="font-medium">{actions[event.action] ?? event.action}</span>
                  <span className="text-muted">
                    {" by "}
                    {event.by.userName}
                    {event.by.tokenName && ` with ${event.by.tokenName}`}
                    {event.address && ` from ${event.address}`}
                  </span>
                </p>
                {event.before && event.after && <Changes before={event.before} after={event.after} />}
              </div>
            </li>
          ))}
        </ol>
      </Card>
      {isCut && <p className="text-muted">Only the newest {events.length} events are shown.</p>}
    </>
  );
}

const actions: Record<string, string> = {
  "token.create": "Created",
  "token.edit": "Edited",
  "token.enable": "Enabled",
  "token.disable": "Disabled",
  "token.remove": "Removed",
  "session.start": "Signed in",
  "session.end": "Signed out",
};

/** Every field that changed, but the switch: whether it was flipped is the name of the event. */
function Changes({ before, after }: { before: Record<string, unknown>; after: Record<string, unknown> }) {
  const changed = Object.keys(after).filter((field) => field !== "enabled");
  if (changed.length === 0) return null;
  return (
    <ul className="mt-1 text-sm text-muted">
      {changed.map((field) => (
        <li key={field} className="break-words">
          {fields[field] ?? field}: <Value of={before[field]} /> → <Value of={after[field]} />
        </li>
      ))}
    </ul>
  );
}

const fields: Record<string, string> = {
  name: "Name",
  description: "Description",
  expiresAt: "Expires",
  allPermissions: "All Permissions",
  permissions: "Permissions",
  inUrl: "May be sent in a URL",
};

const moment = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

function Value({ of: value }: { of: unknown }) {
  if (Array.isArray(value))
    return value.length === 0 ? "none" : value.map((each) => describePermission(String(each))).join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string" && moment.test(value)) return <RelativeTime at={value} />;
  return value === null || value === undefined || value === "" ? "empty" : String(value);
}
