"use client";

import { useCallback, useMemo, useState } from "react";
import { nothingSelected, type Selection, withPage, withRow } from "./selection";

/**
 * Which of a table's rows are selected. What it answers to change that stays the same while the rows do.
 *
 * @param onChange is told of each change; the same function each time.
 */
export function useSelection<Row extends { id: string }>(rows: Row[], onChange: () => void) {
  const [selection, setSelection] = useState(nothingSelected);
  const change = useCallback(
    (changed: (now: Selection) => Selection) => {
      setSelection(changed);
      onChange();
    },
    [onChange],
  );
  const ids = useMemo(() => rows.map((row) => row.id), [rows]);
  const selected = rows.filter((row) => selection.chosen.has(row.id));
  return {
    selected,
    isSelected: (row: Row) => selection.chosen.has(row.id),
    isPageSelected: rows.length > 0 && selected.length === rows.length,
    select: useCallback(
      (id: string, isIn: boolean, isRange: boolean) => change((now) => withRow(now, ids, { id, isIn, isRange })),
      [ids, change],
    ),
    selectPage: (isIn: boolean) => change((now) => withPage(now, ids, isIn)),
    clear: () => change(() => nothingSelected),
  };
}
