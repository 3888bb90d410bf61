import type { ColumnVisibilityState } from "@tanstack/react-table";
import type { HideableColumn } from "./definition";

/**
 * Reads which columns are hidden from the browser's storage: their ids, separated by commas. Ids that the table does not
 * know, or does not let go, are ignored, so that any text is a valid one.
 */
export function parseHiddenColumns(stored: string | null, hideable: HideableColumn[]): ColumnVisibilityState {
  const hidden = new Set(stored?.split(","));
  return Object.fromEntries(hideable.filter(({ id }) => hidden.has(id)).map(({ id }) => [id, false]));
}

/** The text to store after one column was shown or hidden. */
export function formatHiddenColumns(
  visibility: ColumnVisibilityState,
  hideable: HideableColumn[],
  { id, isVisible }: { id: string; isVisible: boolean },
): string {
  const next = { ...visibility, [id]: isVisible };
  return hideable
    .map((column) => column.id)
    .filter((column) => next[column] === false)
    .join(",");
}
