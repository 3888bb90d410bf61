import type { ReactNode } from "react";
import { RelativeTime } from "@/components/ui/relative-time";
import type { AuditEventView } from "@/lib/audit/schema";
import { describePermission } from "@/lib/permissions/catalog";

type Changes = Pick<AuditEventView, "before" | "after">;

/** A list item for one event: its time, action, actor, token, IP address and changes. */
export function EventLine({
  event: { at, by, address: ip },
  what,
  subject,
  changes,
  fieldWords,
}: {
  event: Pick<AuditEventView, "at" | "by" | "address">;
  /** The action in words: "User created". */
  what: string;
  /** The object of the action, if the list has events of several objects. */
  subject?: ReactNode;
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
          {subject && <> {subject}</>}
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

/** Lists the fields before and after the event. It leaves out `enabled`, because the name of the action says its value. */
function ChangedFields({ before, after, words }: Changes & { words: Record<string, string> }) {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const fields = [...names].filter((field) => field !== "enabled");
  if (fields.length === 0) return null;
  return (
    <ul className="mt-1 text-sm text-muted">
      {fields.map((field) => {
        const [was, is] = [before?.[field], after?.[field]];
        const isSame = JSON.stringify(was) === JSON.stringify(is);
        return (
          <li key={field}>
            {words[field] ?? field}: {before && !isSame && <Value of={was} />}
            {before && after && !isSame && " → "}
            {after && <Value of={is} />}
          </li>
        );
      })}
    </ul>
  );
}

const timestamp = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

function Value({ of: value }: { of: unknown }) {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(wordsOf).join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value === null || value === undefined || value === "") return "empty";
  if (typeof value !== "string") return JSON.stringify(value);
  return timestamp.test(value) ? <RelativeTime at={value} /> : value;
}

/** Describes an element of a list. Most lists contain permissions. */
const wordsOf = (value: unknown) => (typeof value === "string" ? describePermission(value) : JSON.stringify(value));
