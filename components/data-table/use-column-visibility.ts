"use client";

import type { ColumnVisibilityState } from "@tanstack/react-table";
import { useMemo } from "react";
import { useStoredText } from "@/components/ui/use-stored-text";
import { formatHiddenColumns, parseHiddenColumns } from "./column-visibility";
import type { HideableColumn } from "./definition";

/**
 * Which columns of a table are shown, as remembered in this browser, and how to change it. All users of one table's id see
 * the same, in other tabs too. On the server, and while the page hydrates, every column is shown.
 */
export function useColumnVisibility({ id, hideable }: { id: string; hideable: HideableColumn[] }): {
  visibility: ColumnVisibilityState;
  setVisible: (columnId: string, isVisible: boolean) => void;
} {
  const [stored, store] = useStoredText(`tessera-columns-${id}`);
  const visibility = useMemo(() => parseHiddenColumns(stored, hideable), [stored, hideable]);
  return {
    visibility,
    setVisible: (columnId, isVisible) => store(formatHiddenColumns(visibility, hideable, { id: columnId, isVisible })),
  };
}
