import {
  type ColumnDef,
  columnVisibilityFeature,
  metaHelper,
  type RowData,
  rowSelectionFeature,
  type SortDirection,
  tableFeatures,
} from "@tanstack/react-table";

/** What a column says about its look, in TanStack's `meta`. */
export interface ColumnMeta {
  /** The width, by class. Tables have a fixed layout; columns without one share what is left. */
  width?: string;
  /** The list sorts by the id of the column, in this direction first. A column without it does not sort. */
  sort?: SortDirection;
  /** The column is left out where the table is narrow. Cards show it. */
  hideWhenNarrow?: boolean;
  /** The cell that names the row: its header in the table, its title in a card. It cannot be hidden. */
  rowHeader?: boolean;
}

/**
 * The features of TanStack Table that a `DataTable` uses. The server sorts, filters and pages (what TanStack calls manual), and
 * the state of that is in the URL, so their features would be JavaScript without a use.
 */
export const features = tableFeatures({
  rowSelectionFeature,
  columnVisibilityFeature,
  columnMeta: metaHelper<ColumnMeta>(),
});
export type Features = typeof features;

// biome-ignore lint/suspicious/noExplicitAny: each column has a type of value of its own, as in TanStack's own lists of columns
type Column<Row extends RowData> = ColumnDef<Features, Row, any>;

/** The part of a table that stays the same on every page of it. */
export interface TableDefinition<Row extends RowData> {
  /** Names the table in the browser's storage. */
  id: string;
  rowId: (row: Row) => string;
  /** What a row is called in the names of its checkbox and menu. */
  rowName: (row: Row) => string;
  /** Their headers are plain text, which is also the label in a card and in the Columns menu. */
  columns: Column<Row>[];
  /** The columns that the Columns menu offers. */
  hideable: HideableColumn[];
}

export interface HideableColumn {
  id: string;
  label: string;
}

/** Defines a table, at module scope, so that it stays the same. */
export function defineTable<Row extends RowData>({
  columns,
  ...rest
}: Omit<TableDefinition<Row>, "hideable">): TableDefinition<Row> {
  return {
    ...rest,
    columns: columns.map((column) => ({ ...column, enableHiding: !column.meta?.rowHeader })),
    hideable: columns
      .filter((column) => !column.meta?.rowHeader)
      .map((column) => ({ id: idOf(column), label: String(column.header) })),
  };
}

/** The id that TanStack derives from a column without one. */
function idOf<Row extends RowData>(column: Column<Row>): string {
  return column.id ?? String("accessorKey" in column ? column.accessorKey : column.header);
}
