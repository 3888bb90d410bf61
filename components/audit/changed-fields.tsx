import { RelativeTime } from "@/components/ui/relative-time";
import type { AuditEventView } from "@/lib/audit/schema";
import { describePermission } from "@/lib/permissions/catalog";

type Changes = Pick<AuditEventView, "before" | "after">;

// The name of the action says whether it is enabled, and digests mean nothing to people.
const omitted = new Set(["enabled", "sha256"]);

/** The names of the fields that `ChangedFields` lists. */
export const changedFieldsOf = ({ before, after }: Changes): string[] =>
  [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter((field) => !omitted.has(field));

/** Lists the fields before and after the event.
 *
 * @param words Labels by field name. A field without a label is shown by its name. */
export function ChangedFields({ before, after, words }: Changes & { words: Record<string, string> }) {
  const fields = changedFieldsOf({ before, after });
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
  return typeof value === "string" && timestamp.test(value) ? <RelativeTime at={value} /> : wordsOf(value);
}

/** Describes a value of any shape in words. Most lists contain permissions. */
export function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(elementWords).join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value === null || value === undefined || value === "") return "empty";
  if (typeof value !== "object") return String(value);
  return Object.entries(value)
    .map(([name, each]) => `${name} ${wordsOf(each)}`)
    .join("; ");
}

const elementWords = (element: unknown) =>
  typeof element === "string" ? describePermission(element) : `(${wordsOf(element)})`;
