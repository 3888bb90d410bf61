import type { ReactNode } from "react";
import { RelativeTime } from "@/components/ui/relative-time";
import type { AuditEventView } from "@/lib/audit/schema";
import { describePermission } from "@/lib/permissions/catalog";

type Changes = Pick<AuditEventView, "before" | "after">;

/** One event as an item of a list: when, what was done, by whom and through which token, from where, and what changed. */
export function EventLine({
  event: { at, by, address },
  what,
  subject,
  changes,
  fieldWords,
}: {
  event: Pick<AuditEventView, "at" | "by" | "address">;
  /** What was done: "User created". */
  what: string;
  /** What it was done to, where the list is of several. */
  subject?: ReactNode;
  /** What there is to tell of before and after. */
  changes: Changes | null;
  /** What the fields of the changes are called; another one is shown as it is. */
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
            {address && ` from ${address}`}
          </span>
        </p>
        {changes && <ChangedFields {...changes} words={fieldWords} />}
      </div>
    </li>
  );
}

/** Every field that was there before or after. Which one a switch has become, the name of the event says. */
function ChangedFields({ before, after, words }: Changes & { words: Record<string, string> }) {
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
            {words[field] ?? field}: {before && !isSame && <Value of={was} />}
            {before && after && !isSame && " → "}
            {after && <Value of={is} />}
          </li>
        );
      })}
    </ul>
  );
}

const moment = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

function Value({ of: value }: { of: unknown }) {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(wordsOf).join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value === null || value === undefined || value === "") return "empty";
  if (typeof value !== "string") return JSON.stringify(value);
  return moment.test(value) ? <RelativeTime at={value} /> : value;
}

/** Of one of several: lists are of permissions, mostly. */
const wordsOf = (value: unknown) => (typeof value === "string" ? describePermission(value) : JSON.stringify(value));
