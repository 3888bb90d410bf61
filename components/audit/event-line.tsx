import { RelativeTime } from "@/components/ui/relative-time";
import type { AuditEventView } from "@/lib/audit/schema";
import { ChangedFields } from "./changed-fields";

type Changes = Pick<AuditEventView, "before" | "after">;

/** A list item for one event: its time, action, actor, token, IP address and changes. */
export function EventLine({
  event: { at, by, address: ip },
  what,
  changes,
  fieldWords,
}: {
  event: Pick<AuditEventView, "at" | "by" | "address">;
  /** The action in words: "Created". */
  what: string;
  /** The fields before and after the event, or null to show no changes. */
  changes: Changes | null;
  /** Labels by field name. A field without a label is shown by its name. */
  fieldWords: Record<string, string>;
}) {
  return (
    <li className="grid gap-x-6 gap-y-1 px-4 py-3 sm:grid-cols-[9rem_minmax(0,1fr)]">
      <RelativeTime at={at} className="text-muted tabular-nums" />
      <div className="min-w-0 break-words">
        <p>
          <span className="font-medium">{what}</span>
          <span className="text-muted">
            {" by "}
            {by.userName}
            {by.tokenName && ` with ${by.tokenName}`}
            {ip && ` from ${ip}`}
          </span>
        </p>
        {changes && <ChangedFields {...changes} words={fieldWords} />}
      </div>
    </li>
  );
}
