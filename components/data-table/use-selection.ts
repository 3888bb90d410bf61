"use client";

import { useCallback, useMemo, useState } from "react";
import { nothingSelected, withPage, withRow } from "./selection";

/** Which of a table's rows are selected. What it answers to change that stays the same while the rows do. */
export function useSelection<Row extends { id: string }>(rows: Row[]) {
  const [selection, setSelection] = useState(nothingSelected);
  const ids = useMemo(() => rows.map((row) => row.id), [rows]);
  const selected = rows.filter((row) => selection.chosen.has(row.id));
  return {
    selected,
    isSelected: (row: Row) => selection.chosen.has(row.id),
    isPageSelected: rows.length > 0 && selected.length === rows.length,
    select: useCallback(
      (id: string, isIn: boolean, isRange: boolean) => setSelection((now) => withRow(now, ids, { id, isIn, isRange })),
      [ids],
    ),
    selectPage: (isIn: boolean) => setSelection((now) => withPage(now, ids, isIn)),
    clear: () => setSelection(nothingSelected),
  };
}
