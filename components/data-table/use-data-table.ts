"use client";

import { type ReactTable, type RowData, useTable } from "@tanstack/react-table";
import { type Features, features, type TableDefinition } from "./definition";
import { useColumnVisibility } from "./use-column-visibility";

export type DataTableInstance<Row extends RowData> = ReactTable<Features, Row>;

/** TanStack's table of one page of rows, with the columns that this browser shows. */
export function useDataTable<Row extends RowData>(
  definition: TableDefinition<Row>,
  rows: Row[],
): DataTableInstance<Row> {
  const { visibility } = useColumnVisibility(definition);
  return useTable({
    features,
    columns: definition.columns,
    data: rows,
    getRowId: definition.rowId,
    state: { columnVisibility: visibility },
  });
}
