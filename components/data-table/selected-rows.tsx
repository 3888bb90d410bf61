"use client";

import type { RowData } from "@tanstack/react-table";
import { useState } from "react";
import { SelectionBar } from "./selection-bar";
import type { TableSelection } from "./table-selection";
import type { DataTableInstance } from "./use-data-table";

/** The bar of the selected rows, and the choice of all rows that match on other pages too. */
export default function SelectedRows<Row extends RowData>({
  table,
  selection: { actions, matching },
  onClear,
}: {
  table: DataTableInstance<Row>;
  selection: TableSelection<Row>;
  /** Moves the focus, which was in the bar. */
  onClear: () => void;
}) {
  const { rowSelection } = table.state;
  const rows = table.getRowModel().rows;
  const [allAt, setAllAt] = useState<{ rows: unknown; rowSelection: unknown } | null>(null);
  const isPageSelected = table.getIsAllPageRowsSelected();
  // A choice of all rows ends with the first change of the selection, and with the first change of the rows.
  const isAll = isPageSelected && allAt?.rows === rows && allAt.rowSelection === rowSelection;
  const all = matching && isAll ? matching : null;
  const clear = () => {
    table.resetRowSelection(true);
    onClear();
  };
  const selected = table.getSelectedRowModel().rows.map((row) => row.original);
  return (
    <SelectionBar
      selected={all ? `all ${all.amount}` : `${selected.length}`}
      page={isPageSelected ? undefined : { amount: rows.length, onSelect: () => table.toggleAllPageRowsSelected(true) }}
      all={
        matching && isPageSelected && !all
          ? { amount: matching.amount, onSelect: () => setAllAt({ rows, rowSelection }) }
          : undefined
      }
      onClear={clear}
    >
      {(all ? all.actions : actions)(selected, clear)}
    </SelectionBar>
  );
}
