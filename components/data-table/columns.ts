import type { ReactNode } from "react";

/** A column of a `DataTable`. Define columns at module scope, so that they stay the same. */
export interface Column<Row> {
  /** Its words, and its label in a card. */
  header: string;
  cell: (row: Row) => ReactNode;
  /** The key that the list sorts by; without it the column has no sort link. */
  sort?: string;
  /** Dates are wanted newest first. */
  sortsDescendingFirst?: boolean;
  /** The width of the column, by class. Tables have a fixed layout; one column takes what is left. */
  width?: string;
  /** Gives way where the table is narrow. Cards show it. */
  hideWhenNarrow?: boolean;
  /** The cell that names the row: its header in the table, its title in a card. */
  rowHeader?: boolean;
}
